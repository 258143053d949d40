using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Levelling;

namespace Perennial.Rolling.Rolls;

/// <summary>How a roll goes about it.</summary>
public sealed record RollPlan
{
    // A hastened window began long enough ago that it has begun by the clock of a device that is behind, too.
    private static readonly TimeSpan Haste = TimeSpan.FromDays(1);

    /// <summary>Devices of the first wave when none are named.</summary>
    public int CanarySize { get; init; } = 1;

    /// <summary>The devices of the first wave; empty takes the first by id.</summary>
    public IReadOnlyList<string> Canary { get; init; } = [];

    /// <summary>Devices of the second wave.</summary>
    public int WaveSize { get; init; } = 10;

    /// <summary>How many times as large each later wave is as the one before; at least 1.</summary>
    public double Growth { get; init; } = 2;

    /// <summary>Devices that are offered the new certificate in a minute, at most.</summary>
    public int RatePerMinute { get; init; } = 60;

    /// <summary>What the service was measured to bear in a minute; the rate never goes above it. Null when it was not measured.</summary>
    public int? CapacityPerMinute { get; init; }

    /// <summary>How long a wave is watched after its last offer before the next one begins.</summary>
    public TimeSpan Soak { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The gate: the share of a wave that must have moved, or been waived, before the next one begins.</summary>
    public double Gate { get; init; } = 0.95;

    /// <summary>A device is to roll within this time of the offer; the end of the window that it is told.</summary>
    public TimeSpan OfferWindow { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The windows of devices begin spread over this time from the offer on, each device at a turn of its own; none for at once.</summary>
    public TimeSpan Spread { get; init; }

    /// <summary>When devices may be touched; empty for always.</summary>
    public IReadOnlyList<MaintenanceWindow> Windows { get; init; } = [];

    /// <summary>How devices are told; null leaves it to their enrollments.</summary>
    public RollOffer? Offer { get; init; }

    /// <summary>A device that is not connected and was not seen for this long after its offer has lost contact.</summary>
    public TimeSpan ContactWithin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Devices that lost contact beyond the share of those outside the wave that are silent anyway.</summary>
    public HaltLimit LostContact { get; init; } = new(0.05, 2);

    /// <summary>Devices that were refused since they were offered the new certificate.</summary>
    public HaltLimit Refusals { get; init; } = new(0.02, 1);

    /// <summary>Devices that reported, or by which the offer itself failed.</summary>
    public HaltLimit Failures { get; init; } = new(0.05, 2);

    public int EffectiveRate => CapacityPerMinute is { } capacity && capacity < RatePerMinute ? capacity : RatePerMinute;

    /// <summary>The size that a wave is to have; the first has number 0.</summary>
    public int SizeOf(int wave) =>
        wave == 0 ? (Canary.Count > 0 ? Canary.Count : CanarySize) : (int)Math.Min(int.MaxValue, WaveSize * Math.Pow(Growth, wave - 1));

    /// <summary>The window that a device is told when it is offered the new certificate: its turn of the spread, or at once when the roll was hastened.</summary>
    public RollWindow WindowOf(Roll roll, string device, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(roll);
        var begins = roll.Hastened is not null ? now - Haste : now + LevelWindows.TurnOf(device, roll.Id, Spread);
        return new RollWindow(begins, (begins > now ? begins : now) + OfferWindow);
    }

    public bool IsWindowOpen(DateTimeOffset at) => Windows.Count == 0 || Windows.Any(window => window.IsOpen(at));

    /// <summary>What is wrong with the plan, in one sentence; null when nothing is.</summary>
    public string? FindFault() =>
        CanarySize < 1 ? "The canary has at least one device."
        : WaveSize < 1 ? "A wave has at least one device."
        : Growth is < 1 or > 100 or double.NaN ? "Waves grow by a factor of 1 to 100."
        : RatePerMinute < 1 || CapacityPerMinute < 1 ? "The rate and the capacity are at least one device a minute."
        : Gate is <= 0 or > 1 or double.NaN ? "The gate is a share above 0 and at most 1."
        : Soak < TimeSpan.Zero || Spread < TimeSpan.Zero || OfferWindow <= TimeSpan.Zero || ContactWithin <= TimeSpan.Zero ? "Times are above zero; the soak and the spread may be none."
        : new[] { LostContact, Refusals, Failures }.Any(limit => limit.Share is <= 0 or > 1 or double.NaN || limit.Devices < 1)
            ? "A limit is a share above 0 and at most 1, and at least one device."
        : Windows.Any(window => window.Days.Count == 0) ? "A maintenance window names at least one day."
        : null;
}
