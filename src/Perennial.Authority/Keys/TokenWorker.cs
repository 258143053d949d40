using System.Collections.Concurrent;

namespace Perennial.Authority.Keys;

/// <summary>
/// Asks a token on a thread of its own, one thing after the other. A token that does not answer in time holds nobody up: who asks is told
/// that it is slow, at once while the one thing is still unanswered.
/// </summary>
/// <param name="name">The token, for messages.</param>
/// <param name="limit">How long an answer may take, waiting for its turn included.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenWorker(string name, TimeSpan limit, TimeProvider time) : IDisposable
{
    private const int MostWaiting = 256;

    private readonly BlockingCollection<Action> _waiting = new(MostWaiting);
    private readonly Lock _turn = new();
    private Thread? _thread;
    private int _overdue;

    /// <exception cref="KeyUnavailableException">The token did not answer in time, or said what is the matter.</exception>
    internal async Task<T> AskAsync<T>(Func<T> question, CancellationToken cancellationToken)
    {
        EnsureThread();
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Volatile.Read(ref _overdue) > 0 || !_waiting.TryAdd(() => Answer(question, answer), 0, CancellationToken.None))
        {
            throw Slow();
        }

        try
        {
            return await answer.Task.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Interlocked.Increment(ref _overdue);
            _ = answer.Task.ContinueWith(late => { _ = late.Exception; Interlocked.Decrement(ref _overdue); }, TaskScheduler.Default);
            throw Slow();
        }
    }

    /// <summary>Does what waits and then a last thing; waits for it, but not for a token that does not answer.</summary>
    internal void End(Action last)
    {
        if (_thread is { } thread && _waiting.TryAdd(last))
        {
            _waiting.CompleteAdding();
            thread.Join(limit);
        }

        _waiting.CompleteAdding();
    }

    public void Dispose() => _waiting.CompleteAdding();

    private static void Answer<T>(Func<T> question, TaskCompletionSource<T> answer)
    {
        try
        {
            answer.SetResult(question());
        }
        catch (Exception fault)
        {
            answer.SetException(fault);
        }
    }

    private KeyUnavailableException Slow() => new(
        KeyState.Slow, $"Token {name} does not answer within {limit.TotalSeconds:0.#} seconds. Look at the token and its connection.");

    private void EnsureThread()
    {
        lock (_turn)
        {
            if (_thread is null)
            {
                _thread = new Thread(Work) { IsBackground = true, Name = $"token {name}" };
                _thread.Start();
            }
        }
    }

    private void Work()
    {
        foreach (var question in _waiting.GetConsumingEnumerable())
        {
            question();
        }
    }
}
