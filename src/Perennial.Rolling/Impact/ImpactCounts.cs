namespace Perennial.Rolling.Impact;

/// <summary>How many devices a change does what to. Devices that it does not concern are not counted.</summary>
public sealed record ImpactCounts
{
    public long Keeps { get; init; }

    public long LosesAtOnce { get; init; }

    public long Drains { get; init; }

    public long LosesAtRegistration { get; init; }

    public long LosesEarlier { get; init; }

    public long Unknown { get; init; }

    public long Gains { get; init; }

    /// <summary>Devices that it concerns.</summary>
    public long Concerned => Keeps + Losing + Unknown + Gains;

    /// <summary>Devices that are accepted now and will be refused though their own certificate has not ended.</summary>
    public long Losing => LosesAtOnce + Drains + LosesAtRegistration + LosesEarlier;

    /// <summary>These and the devices of another change, which has nothing to do with this one.</summary>
    public ImpactCounts Plus(ImpactCounts others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new()
        {
            Keeps = Keeps + others.Keeps,
            LosesAtOnce = LosesAtOnce + others.LosesAtOnce,
            Drains = Drains + others.Drains,
            LosesAtRegistration = LosesAtRegistration + others.LosesAtRegistration,
            LosesEarlier = LosesEarlier + others.LosesEarlier,
            Unknown = Unknown + others.Unknown,
            Gains = Gains + others.Gains,
        };
    }
}
