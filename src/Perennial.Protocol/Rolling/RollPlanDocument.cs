namespace Perennial.Protocol.Rolling;

/// <summary>How a roll goes about it; what is left out is as usual. Times are in seconds.</summary>
public sealed record RollPlanDocument
{
    /// <summary>Devices of the first wave.</summary>
    public int? CanarySize { get; init; }

    /// <summary>The devices of the first wave by name.</summary>
    public IReadOnlyList<string>? Canary { get; init; }

    /// <summary>Devices of the second wave.</summary>
    public int? WaveSize { get; init; }

    /// <summary>How many times as large each later wave is.</summary>
    public double? Growth { get; init; }

    /// <summary>Offers in a minute, at most.</summary>
    public int? RatePerMinute { get; init; }

    /// <summary>What the service was measured to bear in a minute.</summary>
    public int? CapacityPerMinute { get; init; }

    /// <summary>How long a wave is watched.</summary>
    public double? SoakSeconds { get; init; }

    /// <summary>The share of a wave that must have moved.</summary>
    public double? Gate { get; init; }

    /// <summary>The length of the window that a device is told.</summary>
    public double? OfferWindowSeconds { get; init; }

    /// <summary>Over what time the beginnings of the windows are spread.</summary>
    public double? SpreadSeconds { get; init; }

    /// <summary><c>desiredProperty</c>, <c>method</c>, <c>registration</c> or <c>none</c>; left out as their enrollments say.</summary>
    public string? Offer { get; init; }

    /// <summary>After how long a silent device has lost contact.</summary>
    public double? ContactWithinSeconds { get; init; }

    /// <summary>When devices may be touched; left out for always.</summary>
    public IReadOnlyList<RollWindowRuleDocument>? Windows { get; init; }

    /// <summary>Devices that lost contact.</summary>
    public HaltLimitDocument? LostContact { get; init; }

    /// <summary>Devices that were refused.</summary>
    public HaltLimitDocument? Refusals { get; init; }

    /// <summary>Devices that failed.</summary>
    public HaltLimitDocument? Failures { get; init; }
}
