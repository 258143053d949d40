namespace Perennial.Rolling.Rolls;

/// <summary>How far a roll has come, in numbers.</summary>
/// <param name="Devices">Devices of the roll.</param>
/// <param name="Moved">Those whose last accepted sighting was by the new certificate.</param>
/// <param name="Waived">Those that hold up the retirement no longer, by an operator's word.</param>
/// <param name="Open">Those for whose sake the old certificate has to stay.</param>
/// <param name="Offered">Those that were offered the new certificate.</param>
/// <param name="LastEnd">The end of the last leaf of those that hold it open: then the overlap ends at the latest. Null when none does, or none is known.</param>
public sealed record RollProgress(long Devices, long Moved, long Waived, long Open, long Offered, DateTimeOffset? LastEnd)
{
    /// <summary>Those that hold the overlap open and were not offered the new certificate yet.</summary>
    public long Pending { get; init; }

    /// <summary>Those that moved after they were offered it.</summary>
    public long Followed { get; init; }
}
