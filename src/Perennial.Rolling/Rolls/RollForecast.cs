namespace Perennial.Rolling.Rolls;

/// <summary>When the overlap of a roll ends, by what is known now. Pure.</summary>
public sealed record RollForecast
{
    /// <summary>What ends later than this is not told.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(3652);

    /// <summary>When the last device is offered the new certificate, if every gate opens as soon as its wave is watched long enough. Null beyond the horizon, and when none is left.</summary>
    public DateTimeOffset? LastOffer { get; init; }

    /// <summary>When no device holds the overlap open any more, if devices go on moving as they did since the start. Null while none has followed an offer, and beyond the horizon.</summary>
    public DateTimeOffset? AtPace { get; init; }

    /// <summary>When the last leaf below the old certificate ends: the overlap ends then at the latest. Null when no device holds it open, or no end is known.</summary>
    public DateTimeOffset? AtTheLatest { get; init; }

    public static RollForecast Of(Roll roll, RollProgress progress, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(roll);
        ArgumentNullException.ThrowIfNull(progress);
        return new RollForecast
        {
            LastOffer = roll.IsOver || progress.Pending == 0 ? null : FindLastOffer(roll, progress, now),
            AtPace = roll is { IsOver: false, Started: { } started } ? FindEndAtPace(progress, started, now) : null,
            AtTheLatest = roll.IsOver ? null : progress.LastEnd,
        };
    }

    /// <summary>The sizes of the waves of so many devices, one after another.</summary>
    public static IEnumerable<long> WavesOf(RollPlan plan, long devices)
    {
        ArgumentNullException.ThrowIfNull(plan);
        for (var wave = 0; devices > 0; wave++)
        {
            var size = Math.Min(devices, plan.SizeOf(wave));
            devices -= size;
            yield return size;
        }
    }

    private static DateTimeOffset? FindEndAtPace(RollProgress progress, DateTimeOffset started, DateTimeOffset now)
    {
        if (progress is { Followed: <= 0 } or { Open: <= 0 } || now <= started)
        {
            return null;
        }

        var seconds = (now - started).TotalSeconds / progress.Followed * progress.Open;
        return seconds <= Horizon.TotalSeconds ? now.AddSeconds(seconds) : null;
    }

    private static DateTimeOffset? FindLastOffer(Roll roll, RollProgress progress, DateTimeOffset now)
    {
        var (plan, wave, left, at) = (roll.Plan, roll.Wave, progress.Pending, now);
        var room = Math.Max(0, plan.SizeOf(wave) - (progress.Offered - OfferedBefore(plan, wave)));
        while (Spend(plan, at, Math.Min(left, room), now + Horizon) is { } told)
        {
            left -= room;
            if (left <= 0)
            {
                return told;
            }

            wave++;
            (at, room) = (told + plan.Soak, plan.SizeOf(wave));
        }

        return null;
    }

    private static long OfferedBefore(RollPlan plan, int wave) => Enumerable.Range(0, wave).Sum(before => (long)plan.SizeOf(before));

    /// <summary>When so many devices are told, by the rate and within the windows; null beyond the horizon.</summary>
    private static DateTimeOffset? Spend(RollPlan plan, DateTimeOffset at, long devices, DateTimeOffset horizon)
    {
        var left = TimeSpan.FromMinutes((double)devices / plan.EffectiveRate);
        while (at <= horizon)
        {
            if (left <= TimeSpan.Zero)
            {
                return at;
            }

            var change = plan.Windows.Count == 0 ? at + left : plan.Windows.Min(window => window.NextChange(at));
            var stretch = change - at;
            if (!plan.IsWindowOpen(at))
            {
                at = change;
                continue;
            }

            var spent = stretch < left ? stretch : left;
            (at, left) = (at + spent, left - spent);
        }

        return null;
    }
}
