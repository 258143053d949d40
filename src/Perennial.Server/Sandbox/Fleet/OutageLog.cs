namespace Perennial.Server.Sandbox.Fleet;

/// <summary>When the server was away by no doing of a roll: from when it was ended until it was ready again. Thread-safe.</summary>
internal sealed class OutageLog(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<(long Since, long Until)> _outages = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _outages.Count;
            }
        }
    }

    public TimeSpan Longest
    {
        get
        {
            lock (_gate)
            {
                return _outages.Select(outage => time.GetElapsedTime(outage.Since, outage.Until)).DefaultIfEmpty().Max();
            }
        }
    }

    public void Begin()
    {
        lock (_gate)
        {
            _outages.Add((time.GetTimestamp(), long.MaxValue));
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _outages[^1] = (_outages[^1].Since, time.GetTimestamp());
        }
    }

    /// <summary>Whether the server was away at some moment of this span of time stamps.</summary>
    public bool Touches(long since, long until)
    {
        lock (_gate)
        {
            return _outages.Exists(outage => outage.Since <= until && outage.Until >= since);
        }
    }
}
