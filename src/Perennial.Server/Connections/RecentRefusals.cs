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
            .. _hours.Select(hour => KeyValuePair.Create(hour.Key, hour.Value.Sum(now)))
                .Where(hour => hour.Value > 0).OrderByDescending(hour => hour.Value).ThenBy(hour => hour.Key.Number),
        ];
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

        public long Sum(long now)
        {
            lock (_gate)
            {
                return _minutes.Where(minute => minute.Minute > now - Minutes).Sum(minute => minute.Count);
            }
        }
    }
}
