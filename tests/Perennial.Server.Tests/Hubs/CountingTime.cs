using Microsoft.Extensions.Time.Testing;

namespace Perennial.Server.Tests.Hubs;

/// <summary>A clock moved by the test, which also knows how many timers were set: time may move once the server waits for it.</summary>
internal sealed class CountingTime() : FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _set;

    /// <summary>Timers set so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _set;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            _set++;
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return timer;
    }

    /// <summary>Returns once so many timers were set in all.</summary>
    public async Task SetAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_set >= count)
                {
                    return;
                }

                more = _more.Task;
            }

            await more.WaitAsync(cancellationToken);
        }
    }
}
