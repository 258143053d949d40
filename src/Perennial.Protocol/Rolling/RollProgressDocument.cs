namespace Perennial.Protocol.Rolling;

/// <summary>How far a roll has come.</summary>
public sealed record RollProgressDocument
{
    /// <summary>Devices of the roll.</summary>
    public required long Devices { get; init; }

    /// <summary>Those that were offered the new certificate.</summary>
    public required long Offered { get; init; }

    /// <summary>Those whose last accepted sighting was by the new certificate.</summary>
    public required long Moved { get; init; }

    /// <summary>Those that hold up the retirement no longer, by an operator's word.</summary>
    public required long Waived { get; init; }

    /// <summary>Those for whose sake the old certificate has to stay.</summary>
    public required long Open { get; init; }

    /// <summary>Those of them that were not offered the new certificate yet.</summary>
    public required long Pending { get; init; }

    /// <summary>When the last leaf of those ends: the overlap ends then at the latest.</summary>
    public DateTimeOffset? OverlapEndsUtc { get; init; }
}
