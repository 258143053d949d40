namespace Perennial.Provisioning.Blocks;

/// <summary>How the devices of a drained credential come by a new certificate.</summary>
public sealed record DrainTerms
{
    /// <summary>The most that <see cref="RatePerMinute"/> may be.</summary>
    public const int MaxRatePerMinute = 60_000;

    /// <summary>The most names in <see cref="First"/>.</summary>
    public const int MaxFirst = 1000;

    /// <summary>How many devices are let through in a minute.</summary>
    public int RatePerMinute { get; init; } = 60;

    public DrainOrder Order { get; init; } = DrainOrder.LastSeen;

    /// <summary>Devices that have their turn before all others, in this order, by registration id.</summary>
    public IReadOnlyList<string> First { get; init; } = [];

    /// <summary>
    /// Whether a device is served that comes with another leaf than the one it was last accepted with before, or was never accepted. Whoever stole
    /// the key of an authority can make such leaves.
    /// </summary>
    public bool TakesUnseen { get; init; }
}
