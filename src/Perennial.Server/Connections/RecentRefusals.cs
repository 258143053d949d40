using System.Collections.Concurrent;
using Perennial.X509;

namespace Perennial.Server.Connections;

/// <summary>How often each reason was given within the last hour, to the minute. It is counted in memory: a restart begins anew.</summary>
internal sealed class RecentRefusals(TimeProvider time)
{
    private const int Minutes = 60;

    private readonly ConcurrentDictionary<RefusalReason, Hour> _hours = new();

    public void Note(RefusalReason reason) => _hours.GetOrAdd(reason, _ => new Hour()).Add(Minute());

    /// <summary>The reasons that were given, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<RefusalReason, long>> LastHour()
    {
        var now = Minute();
        return
        [
            .. _hours.Select(hour => KeyValuePair.Create(hour.Key, hour.Value.Sum(now - Minutes + 1, now)))
                .Where(hour => hour.Value > 0).OrderByDescending(hour => hour.Value).ThenBy(hour => hour.Key.Number),
        ];
    }

    /// <summary>Refusals of the minutes between, by the number of their reason.</summary>
    /// <param name="from">Whole minutes ago where to begin; at most 59.</param>
    /// <param name="until">Whole minutes ago where to end; 0 includes the minute that runs.</param>
    public IReadOnlyDictionary<int, long> Count(int from, int until = 0)
    {
        var now = Minute();
        return _hours.Select(hour => (hour.Key.Number, Count: hour.Value.Sum(now - from, now - until)))
            .Where(hour => hour.Count > 0)
            .ToDictionary(hour => hour.Number, hour => hour.Count);
    }

    private long Minute() => time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;

    private sealed class Hour
    {
        private readonly Lock _gate = new();
        private readonly (long Minute, long Count)[] _minutes = new (long, long)[Minutes];

        public void Add(long minute)
        {
            lock (_gate)
            {
                ref var place = ref _minutes[minute % Minutes];
                place = place.Minute == minute ? (minute, place.Count + 1) : (minute, 1);
            }
        }

        public long Sum(long first, long last)
        {
            lock (_gate)
            {
                return _minutes.Where(minute => minute.Minute >= first && minute.Minute <= last).Sum(minute => minute.Count);
            }
        }
    }
}
