namespace Perennial.Server.Sandbox.Story;

/// <summary>One act of the story as it is shown: how many devices are through, how long it took, what there was to see. Thread-safe.</summary>
internal sealed class StoryAct(int number, string title, TimeProvider time)
{
    private long _started;
    private TimeSpan _took;
    private int _done;
    private volatile ActState _state;

    public int Number => number;

    public string Title => title;

    public ActState State => _state;

    /// <summary>Devices that take part.</summary>
    public int Total { get; private set; }

    public int Done => Volatile.Read(ref _done);

    /// <summary>What there was to see; empty while the act runs.</summary>
    public string Note { get; private set; } = string.Empty;

    public TimeSpan Took => _state == ActState.Running ? time.GetElapsedTime(_started) : _took;

    public void Begin(int total)
    {
        Total = total;
        _started = time.GetTimestamp();
        _state = ActState.Running;
    }

    public void CountOne() => Interlocked.Increment(ref _done);

    public void End(string note)
    {
        _took = time.GetElapsedTime(_started);
        Note = note;
        _state = ActState.Ended;
    }
}
