namespace Perennial.Rolling.Rehearsals;

/// <summary>Counts what happens in each minute.</summary>
internal sealed class MinuteLoad(DateTimeOffset start)
{
    private readonly Dictionary<long, long> _minutes = [];

    public long Peak { get; private set; }

    public void Add(DateTimeOffset at)
    {
        var minute = (at - start).Ticks / TimeSpan.TicksPerMinute;
        var count = _minutes[minute] = _minutes.GetValueOrDefault(minute) + 1;
        Peak = Math.Max(Peak, count);
    }
}
