namespace Perennial.Rolling.Rehearsals;

/// <summary>The leaf that devices will have, as far as it is the same for all.</summary>
public sealed record NewLeaf
{
    /// <summary>How long it is valid from its issue; null when that is not known.</summary>
    public TimeSpan? Validity { get; init; }

    /// <summary>The end of one that is made already and given as a specimen; null when leaves are issued in the roll.</summary>
    public DateTimeOffset? SpecimenEnd { get; init; }

    /// <summary>How far before its issue it begins.</summary>
    public TimeSpan Backdating { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first end of an authority above it; null when it is not known.</summary>
    public DateTimeOffset? IssuerEnd { get; init; }

    /// <summary>Whether this service issues it.</summary>
    public bool IsIssuedHere { get; init; }

    /// <summary>Why it cannot be issued; null when it can.</summary>
    public string? IssuerFault { get; init; }

    /// <summary>What mends that.</summary>
    public string IssuerRemedy { get; init; } = "Give the issuer an active slot, or name another profile in the enrollment.";

    /// <summary>Whether nothing shows what it will be like.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>The common name of the specimen when it is no registration id of the roll; null otherwise.</summary>
    public string? ForeignName { get; init; }

    /// <summary>When a leaf that is obtained at a moment ends; null when that is not known.</summary>
    public DateTimeOffset? EndOf(DateTimeOffset obtained)
    {
        var own = SpecimenEnd ?? (Validity is { } validity ? obtained + validity : null);
        return own is { } end && IssuerEnd is { } issuer ? (end < issuer ? end : issuer) : own ?? IssuerEnd;
    }
}
