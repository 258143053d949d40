using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Sqlite;

/// <summary>
/// The one writer: takes up to <see cref="MaxGroup"/> waiting writes into one transaction, so that one flush to disk serves many
/// requests. Each write stands in a savepoint of its own: one that fails takes nothing else with it.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    /// <summary>Writes in one transaction. Beyond 64 the flush is no longer what costs.</summary>
    public const int MaxGroup = 64;

    private readonly Channel<SessionWork> _waiting = Channel.CreateBounded<SessionWork>(
        new BoundedChannelOptions(16 * 1024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    // The writer sleeps on an event: waiting on a task would spin first, and between two flushes that is most of what a commit costs.
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly SqlSession _session;
    private readonly Task _writer;

    public GroupCommit(SqlSession session)
    {
        _session = session;
        _writer = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits for a place in the queue, then for the commit. A request that was taken up is done even if the caller stops waiting.</summary>
    public async Task<T> RunAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken)
    {
        var request = new SessionWork<T>(work);
        await _waiting.Writer.WriteAsync(request, cancellationToken);
        _arrived.Set();
        return await request.Done.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _arrived.Set();
        await _writer;
        _arrived.Dispose();
        _session.Dispose();
    }

    private void Write()
    {
        var group = new List<SessionWork>(MaxGroup);
        while (!_waiting.Reader.Completion.IsCompleted)
        {
            while (group.Count < MaxGroup && _waiting.Reader.TryRead(out var request))
            {
                group.Add(request);
            }

            if (group.Count == 0)
            {
                _arrived.WaitOne();
                continue;
            }

            Commit(group);
            group.Clear();
        }
    }

    private void Commit(List<SessionWork> group)
    {
        var written = new List<SessionWork>(group.Count);
        try
        {
            Execute("BEGIN IMMEDIATE");
            foreach (var request in group)
            {
                if (TryRun(request))
                {
                    written.Add(request);
                }
            }

            Execute("COMMIT");
        }
        catch (Exception exception)
        {
            Rollback();
            var failure = SqliteFailures.Of(exception);
            group.ForEach(request => request.Fail(failure));
            return;
        }

        written.ForEach(request => request.Complete());
    }

    private bool TryRun(SessionWork request)
    {
        Execute("SAVEPOINT request");
        try
        {
            request.Run(_session);
        }
        catch (Exception exception) when (IsInTransaction())
        {
            Execute("ROLLBACK TO request");
            Execute("RELEASE request");
            request.Fail(SqliteFailures.Of(exception));
            return false;
        }

        Execute("RELEASE request");
        return true;
    }

    // A full disk or a broken file ends the transaction itself; then no single request can be undone alone.
    private bool IsInTransaction() => SQLitePCL.raw.sqlite3_get_autocommit(((SqliteConnection)_session.Connection).Handle) == 0;

    private void Rollback()
    {
        if (IsInTransaction())
        {
            _session.Connection.Execute("ROLLBACK");
        }
    }

    private void Execute(string sql) => _session.Prepared(sql).ExecuteNonQuery();
}
