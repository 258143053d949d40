namespace Perennial.Server.Fleet;

/// <summary>One page of a list of enrollments.</summary>
/// <param name="Rows">In the order of the list.</param>
/// <param name="Total">Rows on all pages.</param>
/// <param name="Before">Rows on the pages before this one.</param>
/// <param name="HasNext">Whether a page follows.</param>
public sealed record EnrollmentRowPage(IReadOnlyList<EnrollmentRow> Rows, long Total, long Before, bool HasNext);
