namespace Perennial.Server.Fleet;

/// <summary>Where a page of a list begins.</summary>
/// <param name="IsDescending">The order, by id.</param>
/// <param name="From">The id beside which the page lies; null for the first page.</param>
/// <param name="IsBefore">Whether the page lies before that id in the order; else after it.</param>
/// <param name="Size">Rows to a page.</param>
public sealed record EnrollmentPlace(bool IsDescending, string? From, bool IsBefore, int Size);
