using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Sqlite;

/// <summary>
/// One SQLite file in WAL mode with <c>synchronous=FULL</c>: what a write returns for is on disk. Reads run on the caller's thread,
/// beside the writer.
/// </summary>
internal sealed class SqliteDatabase : SqlDatabase
{
    private readonly ConcurrentBag<SqlSession> _readers = [];
    private readonly string _connectionString;
    private readonly GroupCommit _writes;
    private volatile bool _isDisposed;

    private SqliteDatabase(string connectionString, SqlSession writer)
    {
        _connectionString = connectionString;
        _writes = new GroupCommit(writer);
    }

    /// <summary>Opens or makes the file and brings its schema up to date.</summary>
    public static SqliteDatabase Open(string path, TimeProvider time)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
        var writer = Connect(connectionString);
        SqlMigrations.Apply(writer.Connection, time);
        return new SqliteDatabase(connectionString, writer);
    }

    public override Task<T> WriteAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken) =>
        _writes.RunAsync(work, cancellationToken);

    public override Task<T> ReadAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(Read(work));
        }
        catch (SqliteException exception) when (SqliteFailures.IsOutage(exception))
        {
            return Task.FromException<T>(SqliteFailures.Of(exception));
        }
    }

    /// <summary>Runs work on a read connection, on this thread.</summary>
    public T Read<T>(Func<SqlSession, T> work)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_readers.TryTake(out var session))
        {
            session = Connect(_connectionString);
        }

        try
        {
            return work(session);
        }
        finally
        {
            _readers.Add(session);
            if (_isDisposed)
            {
                CloseReaders();
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _writes.DisposeAsync();
        _isDisposed = true;
        CloseReaders();
    }

    // A read that was under way at the end closes after itself.
    private void CloseReaders()
    {
        while (_readers.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private static SqlSession Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        connection.Execute(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA busy_timeout = 5000;
            PRAGMA cache_size = -16000;
            """);
        return new SqlSession(connection);
    }
}
