namespace Perennial.Server.Mqtt;

/// <summary>Ends a connection at an instant that may move: asks how long there is still to wait, and acts when there is nothing left.</summary>
internal sealed class SessionTimer : IDisposable
{
    // A timer takes no longer time than some weeks.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Func<TimeSpan> _left;
    private readonly Action _act;
    private readonly ITimer _timer;

    public SessionTimer(TimeProvider time, Func<TimeSpan> left, Action act)
    {
        _left = left;
        _act = act;
        _timer = time.CreateTimer(static timer => ((SessionTimer)timer!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm(left());
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        var left = _left();
        if (left <= TimeSpan.Zero)
        {
            _act();
        }
        else
        {
            Arm(left);
        }
    }

    private void Arm(TimeSpan left) => _timer.Change(
        left < TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest, Timeout.InfiniteTimeSpan);
}
