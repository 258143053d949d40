namespace Perennial.Server.Portal.Trail;

/// <summary>What checking the audit trail found.</summary>
public sealed record VerdictModel
{
    public required bool IsWhole { get; init; }

    public required long Entries { get; init; }

    /// <summary>Entries older than the chain, which nothing protects.</summary>
    public required long Unchained { get; init; }

    /// <summary>The last hash that is right.</summary>
    public required string Head { get; init; }

    /// <summary>The first entry that does not fit; null when every one does.</summary>
    public long? Broken { get; init; }

    /// <summary>Whether the hash that was kept elsewhere is one of the trail; null when none was given.</summary>
    public bool? HoldsExpected { get; init; }
}
