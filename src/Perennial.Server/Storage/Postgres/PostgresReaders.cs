using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Postgres;

/// <summary>
/// Threads that read, each on a session of its own: a server that hangs holds these threads and no others. What waits beyond
/// <see cref="MaxWaiting"/> is refused.
/// </summary>
internal sealed class PostgresReaders
{
    /// <summary>Sessions for reading.</summary>
    public const int Count = 8;

    public const int MaxWaiting = 4096;

    private const int MaxAttempts = 3;

    private readonly Queue<SessionWork> _waiting = new();
    private readonly PostgresServer _server;
    private readonly Outage _outage;
    private readonly Action _noticed;
    private readonly Task[] _threads;
    private bool _isStopping;

    /// <param name="server">Where to read.</param>
    /// <param name="outage">Told of failures.</param>
    /// <param name="noticed">Called after an outage was seen; whoever is called finds out when it ends.</param>
    public PostgresReaders(PostgresServer server, Outage outage, Action noticed)
    {
        _server = server;
        _outage = outage;
        _noticed = noticed;
        _threads =
        [
            .. Enumerable.Range(0, Count)
                .Select(_ => Task.Factory.StartNew(Serve, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ];
    }

    public Task<T> RunAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken)
    {
        var request = new SessionWork<T>(work);
        if (_outage.IsLong)
        {
            return Task.FromException<T>(_outage.Refusal());
        }

        lock (_waiting)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            if (_waiting.Count >= MaxWaiting)
            {
                return Task.FromException<T>(new StorageUnavailableException("The database answers slower than it is asked.", null));
            }

            _waiting.Enqueue(request);
            Monitor.Pulse(_waiting);
        }

        return request.Done.WaitAsync(cancellationToken);
    }

    public Task StopAsync()
    {
        lock (_waiting)
        {
            _isStopping = true;
            Monitor.PulseAll(_waiting);
        }

        return Task.WhenAll(_threads);
    }

    private void Serve()
    {
        SqlSession? session = null;
        while (TryTake(out var work))
        {
            Answer(work, ref session);
        }

        session?.Dispose();
    }

    private bool TryTake([NotNullWhen(true)] out SessionWork? work)
    {
        lock (_waiting)
        {
            while (!_waiting.TryDequeue(out work))
            {
                if (_isStopping)
                {
                    return false;
                }

                Monitor.Wait(_waiting);
            }

            return true;
        }
    }

    // A read changes nothing, so it is repeated: the session may have been lost long before, and a restart takes a second. One that
    // took all of its time is not.
    private void Answer(SessionWork work, ref SqlSession? session)
    {
        for (var attempt = 1; attempt <= MaxAttempts && !_outage.IsLong; attempt++)
        {
            try
            {
                session ??= _server.ConnectReader();
                work.Run(session);
                work.Complete();
                return;
            }
            catch (Exception exception) when (PostgresFailures.IsOutage(exception, session))
            {
                session?.Dispose();
                session = null;
                _outage.Note(exception);
                _noticed();
                if (PostgresFailures.IsTimeout(exception) || !_outage.WaitForEnd())
                {
                    break;
                }
            }
            catch (Exception exception)
            {
                work.Fail(exception);
                return;
            }
        }

        work.Fail(_outage.Refusal());
    }
}
