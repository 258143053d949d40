using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Portal.Rolls;

/// <summary>What a roll would do, before it does anything.</summary>
public sealed record RollPreview
{
    /// <summary>Devices that use the certificate that is to be retired, or may use it, of those that were looked at.</summary>
    public required ImpactCounts Counts { get; init; }

    /// <summary>The first of those that lose access if the old certificate were taken out now.</summary>
    public required IReadOnlyList<ImpactedDevice> Losing { get; init; }

    /// <summary>Whether all devices were looked at.</summary>
    public required bool IsAll { get; init; }

    public required IReadOnlyList<RollWave> Waves { get; init; }

    /// <summary>When the last device is told if the roll starts now; null beyond ten years.</summary>
    public required DateTimeOffset? LastOffer { get; init; }

    public long Devices => Counts.Keeps + Counts.Losing + Counts.Unknown + Counts.Gains;
}
