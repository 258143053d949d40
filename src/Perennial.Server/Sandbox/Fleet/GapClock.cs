namespace Perennial.Server.Sandbox.Fleet;

/// <summary>How long one device was without a connection, from the end of one to the CONNACK of the next. Before the first there is no gap.</summary>
internal sealed class GapClock(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TimeSpan _longest;
    private TimeSpan _last;
    private long? _ended;

    /// <summary>The longest gap so far, the one that lasts included.</summary>
    public TimeSpan Longest
    {
        get
        {
            lock (_gate)
            {
                return _ended is { } since && time.GetElapsedTime(since) is var current && current > _longest ? current : _longest;
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
            _longest = _last > _longest ? _last : _longest;
            _ended = null;
        }
    }
}
