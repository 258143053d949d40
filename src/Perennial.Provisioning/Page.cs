namespace Perennial.Provisioning;

/// <summary>One page of a list.</summary>
/// <param name="Items">In key order.</param>
/// <param name="Next">The key to continue after, or null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
