namespace Perennial.Rolling.Impact;

/// <summary>Which devices of a class on one hub: those whose leaf ends in a span of time.</summary>
/// <param name="Class">The class.</param>
/// <param name="Hub">The hub; null for devices on none.</param>
/// <param name="From">The first end, inclusive.</param>
/// <param name="Until">The last end, exclusive.</param>
public sealed record LotRange(long Class, string? Hub, DateTimeOffset From, DateTimeOffset Until);
