namespace Perennial.Agent.Tests;

/// <summary>The true clock, which tells when somebody waits for long.</summary>
internal sealed class WaitingClock(TimeSpan length) : TimeProvider
{
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when somebody waits for this length or longer.</summary>
    public Task Waits => _waits.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= length)
        {
            _waits.TrySetResult();
        }

        return base.CreateTimer(callback, state, dueTime, period);
    }
}
