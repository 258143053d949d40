namespace Perennial.Provisioning;

/// <summary>A keyset page: what comes after a key, at most so many.</summary>
/// <param name="After">The last key of the page before, or null for the first page.</param>
/// <param name="Size">1 to 1,000 items.</param>
public sealed record PageRequest(string? After, int Size)
{
    /// <summary>The page size when a caller names none.</summary>
    public const int DefaultSize = 100;

    public const int MaxSize = 1000;
}
