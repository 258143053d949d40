namespace Perennial.Provisioning.Registrations;

/// <summary>One operation as it is carried out: its tries, its pauses, its end.</summary>
internal sealed class OperationRun(string operationId) : IDisposable
{
    /// <summary>About an hour and a half; after it the operation goes on when its device asks.</summary>
    public const int MaxTries = 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly TaskCompletionSource<RegistrationOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _nudge = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _turn = new();
    private bool _isOver;

    public string OperationId { get; } = operationId;

    public Task<RegistrationOutcome> Done => _done.Task;

    public CancellationToken Stopped => _stop.Token;

    /// <summary>Takes the work's end as its own.</summary>
    public void Start(Task<RegistrationOutcome> work) => work.ContinueWith(
        ended =>
        {
            if (ended.IsCompletedSuccessfully)
            {
                _done.TrySetResult(ended.Result);
            }
            else
            {
                _done.TrySetException(ended.Exception!.InnerExceptions);
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Ends the pause before the next try.</summary>
    public void Nudge() => IfGoingOn(() =>
    {
        if (_nudge.CurrentCount == 0)
        {
            _nudge.Release();
        }
    });

    /// <summary>Another operation of the device takes its place.</summary>
    public void Stop() => IfGoingOn(_stop.Cancel);

    /// <summary>Waits for the next try: longer each time, or until the device asks.</summary>
    public async Task PauseAsync(int tries, TimeProvider time, CancellationToken cancellationToken)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(tries, 10));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = Task.Delay(pause < LongestPause ? pause : LongestPause, time, over.Token);
        var nudge = _nudge.WaitAsync(over.Token);
        await Task.WhenAny(timer, nudge);
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        lock (_turn)
        {
            _isOver = true;
            _stop.Dispose();
            _nudge.Dispose();
        }
    }

    private void IfGoingOn(Action act)
    {
        lock (_turn)
        {
            if (!_isOver)
            {
                act();
            }
        }
    }
}
