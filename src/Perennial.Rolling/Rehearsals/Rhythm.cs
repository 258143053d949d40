namespace Perennial.Rolling.Rehearsals;

/// <summary>When a device makes contact: the gaps that were seen between its contacts, again and again.</summary>
public sealed class Rhythm
{
    private readonly long[] _ends;

    /// <param name="gaps">The gaps in their order; each above zero, at least one.</param>
    public Rhythm(IReadOnlyList<TimeSpan> gaps)
    {
        ArgumentNullException.ThrowIfNull(gaps);
        if (gaps.Count == 0 || gaps.Any(gap => gap <= TimeSpan.Zero))
        {
            throw new ArgumentException("A rhythm has at least one gap, and each is above zero.", nameof(gaps));
        }

        _ends = new long[gaps.Count];
        var sum = 0L;
        for (var i = 0; i < gaps.Count; i++)
        {
            _ends[i] = sum += gaps[i].Ticks;
        }

        Longest = gaps.Max();
        Period = TimeSpan.FromTicks(sum);
    }

    /// <summary>The longest silence.</summary>
    public TimeSpan Longest { get; }

    /// <summary>The time after which the gaps come again.</summary>
    public TimeSpan Period { get; }

    public TimeSpan Mean => Period / _ends.Length;

    public static Rhythm Every(TimeSpan gap) => new([gap]);

    /// <summary>The first contact after a moment.</summary>
    /// <param name="origin">A moment at which the gaps began.</param>
    /// <param name="after">The moment.</param>
    public DateTimeOffset Next(DateTimeOffset origin, DateTimeOffset after)
    {
        var (start, within) = Locate(origin, after);
        var place = Array.BinarySearch(_ends, within);
        var next = place >= 0 ? place + 1 : ~place;
        return new DateTimeOffset(start + (next < _ends.Length ? _ends[next] : _ends[^1] + _ends[0]), TimeSpan.Zero);
    }

    /// <summary>The last contact at a moment or before it.</summary>
    public DateTimeOffset Last(DateTimeOffset origin, DateTimeOffset at)
    {
        var (start, within) = Locate(origin, at);
        var place = Array.BinarySearch(_ends, within);
        var last = place >= 0 ? place : ~place - 1;
        return new DateTimeOffset(last < 0 ? start : start + _ends[last], TimeSpan.Zero);
    }

    // A contact ends each period, and so begins the next one.
    private (long Start, long Within) Locate(DateTimeOffset origin, DateTimeOffset at)
    {
        var offset = at.UtcTicks - origin.UtcTicks;
        var within = ((offset % _ends[^1]) + _ends[^1]) % _ends[^1];
        return (at.UtcTicks - within, within);
    }
}
