namespace Perennial.Server.Sandbox.Fleet;

/// <summary>How long one device was without a connection, from the end of one to the CONNACK of the next. Before the first there is no gap.</summary>
internal sealed class GapClock(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TimeSpan _longest;
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
            if (_ended is { } since && time.GetElapsedTime(since) is var gap && gap > _longest)
            {
                _longest = gap;
            }

            _ended = null;
        }
    }
}
