using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Rolling.Proofs;

/// <summary>A device of a roll that ended, with the sightings of it that are kept, in order.</summary>
public sealed record ProvenDevice(string Device, Thumbprint Old, int? Wave, DateTimeOffset? Offered, string? Waiver, IReadOnlyList<SightingRecord> Sightings)
{
    /// <summary>What the roll is for; null where that is any certificate but the old one. Of a roll that was turned back it is what the device had before.</summary>
    public Thumbprint? New { get; init; }

    /// <summary>The leaves that the old authority issued to the device; null where no authority of this service is rolled.</summary>
    public IReadOnlySet<Thumbprint>? OldLeaves { get; init; }

    /// <summary>The leaves that the new authority issued to the device; null where no authority of this service is rolled.</summary>
    public IReadOnlySet<Thumbprint>? NewLeaves { get; init; }

    /// <summary>Whether the device was accepted by what the roll retires.</summary>
    /// <param name="accepted">A sighting of it that was accepted.</param>
    public bool IsByOld(SightingRecord accepted)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        return OldLeaves is { } leaves ? IsByOneOf(leaves, accepted) : accepted.Match!.Anchor == Old;
    }

    /// <summary>Whether the device was accepted by what the roll is for.</summary>
    /// <param name="accepted">A sighting of it that was accepted.</param>
    public bool IsByNew(SightingRecord accepted)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        return NewLeaves is { } leaves ? IsByOneOf(leaves, accepted)
            : New is { } anchor ? accepted.Match!.Anchor == anchor
            : accepted.Match!.Anchor != Old;
    }

    /// <summary>Whether the device was last accepted by what the roll is for. What it did by a key says nothing of authorities.</summary>
    /// <param name="accepted">Its sightings that were accepted, in order.</param>
    public bool HasMoved(IReadOnlyList<SightingRecord> accepted)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        return accepted.LastOrDefault(sighting => NewLeaves is null || sighting.Chain.Count > 0) is { } last && IsByNew(last);
    }

    private static bool IsByOneOf(IReadOnlySet<Thumbprint> leaves, SightingRecord accepted) => accepted.Chain is [var leaf, ..] && leaves.Contains(leaf);
}
