using System.Threading.Channels;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Postgres;

/// <summary>
/// The one writer: takes up to <see cref="MaxGroup"/> waiting writes into one transaction, so that one flush to disk serves many
/// requests. A group with a write that fails is rolled back and each of it is done alone. It also finds out when an outage ends.
/// </summary>
internal sealed class PostgresWriter : IAsyncDisposable
{
    /// <summary>Writes in one transaction.</summary>
    public const int MaxGroup = 128;

    // A write that takes session after session down with it is given up.
    private const int MaxLosses = 3;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);

    private readonly Channel<SessionWork> _waiting = Channel.CreateBounded<SessionWork>(
        new BoundedChannelOptions(16 * 1024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly List<SessionWork> _group = new(MaxGroup);
    private readonly PostgresServer _server;
    private readonly Outage _outage;
    private readonly Task _thread;
    private SqlSession? _session;
    private int _losses;
    private volatile bool _isStopping;

    public PostgresWriter(PostgresServer server, SqlSession session, Outage outage)
    {
        _server = server;
        _session = session;
        _outage = outage;
        _thread = Task.Factory.StartNew(Serve, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits for a place in the queue, then for the commit. A write that was taken up is done even if the caller stops waiting.</summary>
    public async Task<T> RunAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken)
    {
        if (_outage.IsLong)
        {
            throw _outage.Refusal();
        }

        var request = new SessionWork<T>(work);
        await _waiting.Writer.WriteAsync(request, cancellationToken);
        _arrived.Set();
        return await request.Done.WaitAsync(cancellationToken);
    }

    /// <summary>Looks at once whether the server answers.</summary>
    public void Probe() => _arrived.Set();

    /// <summary>Does what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _waiting.Writer.TryComplete();
        _arrived.Set();
        await _thread;
        _arrived.Dispose();
        _session?.Dispose();
    }

    private void Serve()
    {
        while (!_waiting.Reader.Completion.IsCompleted || _group.Count > 0)
        {
            if (_session is null && !TryConnect())
            {
                GiveUp();
                continue;
            }

            while (_group.Count < MaxGroup && _waiting.Reader.TryRead(out var request))
            {
                _group.Add(request);
            }

            if (_group.Count > 0)
            {
                CommitGroup();
            }
            else if (!_arrived.WaitOne(Heartbeat) || _outage.IsPresent)
            {
                LookAfterSession();
            }
        }
    }

    private bool TryConnect()
    {
        try
        {
            _session = _server.ConnectWriter();
            _outage.End();
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _outage.Note(exception);
            return false;
        }
    }

    // Within patience everything waits for the database; then nothing does, until it is back.
    private void GiveUp()
    {
        if (_outage.IsLong || _isStopping)
        {
            while (_waiting.Reader.TryRead(out var request))
            {
                _group.Add(request);
            }

            FailGroup(_outage.Refusal());
        }

        _arrived.WaitOne(BetweenAttempts);
    }

    private void LookAfterSession()
    {
        try
        {
            _session!.Prepared("SELECT 1").ExecuteScalar();
            _outage.End();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Lose(exception);
        }
    }

    private void Lose(Exception exception)
    {
        _outage.Note(exception);
        _session?.Dispose();
        _session = null;
    }

    private void CommitGroup()
    {
        var outcome = TryCommit(_group, out var failure);
        if (outcome == Outcome.Failed && _group.Count > 1)
        {
            CommitEachAlone();
        }
        else if (outcome != Outcome.NotStored)
        {
            _group.ForEach(request => Tell(request, outcome, failure));
            _group.Clear();
        }

        _losses = _group.Count == 0 ? 0 : _losses + 1;
        if (_losses >= MaxLosses)
        {
            FailGroup(_outage.Refusal());
        }
    }

    private void CommitEachAlone()
    {
        while (_group.Count > 0 && _session is not null)
        {
            var outcome = TryCommit([_group[0]], out var failure);
            if (outcome != Outcome.NotStored)
            {
                Tell(_group[0], outcome, failure);
                _group.RemoveAt(0);
            }
        }
    }

    private Outcome TryCommit(List<SessionWork> group, out Exception? failure)
    {
        failure = null;
        var isCommitting = false;
        try
        {
            using var transaction = _session!.Connection.BeginTransaction();
            group.ForEach(request => request.Run(_session));
            isCommitting = true;
            transaction.Commit();
            return Outcome.Stored;
        }
        catch (Exception exception) when (PostgresFailures.IsOutage(exception, _session))
        {
            Lose(exception);
            return isCommitting ? Outcome.Unknown : Outcome.NotStored;
        }
        catch (Exception exception)
        {
            failure = exception;
            return Outcome.Failed;
        }
    }

    private void Tell(SessionWork request, Outcome outcome, Exception? failure)
    {
        if (outcome == Outcome.Stored)
        {
            request.Complete();
        }
        else
        {
            request.Fail(failure ?? _outage.Refusal());
        }
    }

    private void FailGroup(StorageUnavailableException refusal)
    {
        _group.ForEach(request => request.Fail(refusal));
        _group.Clear();
    }

    private enum Outcome
    {
        Stored,

        /// <summary>A write failed by itself; the transaction is rolled back.</summary>
        Failed,

        /// <summary>The session was lost before the commit: the next one does it again.</summary>
        NotStored,

        /// <summary>The session was lost in the commit.</summary>
        Unknown,
    }
}
