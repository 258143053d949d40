namespace Perennial.Server.Sandbox.Fleet;

/// <summary>How long one device was without a connection, from the end of one to the CONNACK of the next. Before the first there is no gap.</summary>
/// <param name="time">The clock.</param>
/// <param name="outages">When the server was away; a gap that has to do with it is kept apart. Null when it never is.</param>
internal sealed class GapClock(TimeProvider time, OutageLog? outages = null)
{
    private readonly Lock _gate = new();
    private TimeSpan _longest;
    private TimeSpan _longestOfOutages;
    private TimeSpan _last;
    private long? _ended;

    /// <summary>The longest gap so far that had to do with no outage, the one that lasts included.</summary>
    public TimeSpan Longest
    {
        get
        {
            lock (_gate)
            {
                return _ended is { } since && !IsOfOutage(since) && time.GetElapsedTime(since) is var current && current > _longest ? current : _longest;
            }
        }
    }

    /// <summary>The longest gap that had to do with an outage.</summary>
    public TimeSpan LongestOfOutages
    {
        get
        {
            lock (_gate)
            {
                return _longestOfOutages;
            }
        }
    }

    /// <summary>The gap before the connection that lasts now.</summary>
    public TimeSpan Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public void ConnectionEnded()
    {
        lock (_gate)
        {
            _ended ??= time.GetTimestamp();
        }
    }

    public void Connected()
    {
        lock (_gate)
        {
            _last = _ended is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
            if (_ended is { } ended && IsOfOutage(ended))
            {
                _longestOfOutages = _last > _longestOfOutages ? _last : _longestOfOutages;
            }
            else
            {
                _longest = _last > _longest ? _last : _longest;
            }

            _ended = null;
        }
    }

    private bool IsOfOutage(long since) => outages?.Touches(since, time.GetTimestamp()) == true;
}
