namespace Perennial.Server.Audit;

/// <summary>What checking the chain found, as it is shown.</summary>
internal sealed record AuditVerdictLine
{
    /// <summary>Whether nothing was changed, and the expected hash, when one was sent, is one of the chain.</summary>
    public required bool Whole { get; init; }

    public required long Entries { get; init; }

    /// <summary>Entries older than the chain, which nothing protects.</summary>
    public required long Unchained { get; init; }

    /// <summary>The last hash that is right, 64 hex digits.</summary>
    public required string Head { get; init; }

    /// <summary>The number of the first entry that does not fit; left out when there is none.</summary>
    public long? Broken { get; init; }

    /// <summary>Left out when no hash was sent.</summary>
    public bool? HoldsExpected { get; init; }

    public static AuditVerdictLine From(AuditVerdict verdict) => new()
    {
        Whole = verdict.IsWhole,
        Entries = verdict.Entries,
        Unchained = verdict.Unchained,
        Head = Convert.ToHexString(verdict.Head.Span),
        Broken = verdict.Broken,
        HoldsExpected = verdict.HoldsExpected,
    };
}
