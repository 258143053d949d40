using Npgsql;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Postgres;

/// <summary>
/// A PostgreSQL database that another process serves, opened beside it for a command: one session, each write a transaction of its own.
/// For tables of which a server keeps nothing in memory.
/// </summary>
internal sealed class PostgresBeside : SqlDatabase
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SqlSession _session;

    private PostgresBeside(SqlSession session) => _session = session;

    /// <exception cref="InvalidDataException">The server that runs is of another version.</exception>
    public static PostgresBeside Open(string connectionString, TimeProvider time)
    {
        var session = new PostgresServer(connectionString).ConnectPatiently();
        try
        {
            if (!Copies.DatabaseSchema.MigrationsOf(session.Connection).SequenceEqual(Copies.DatabaseSchema.Read(time).Migrations))
            {
                throw new InvalidDataException("A perennial of another version serves it. Run the command with that version, or stop the server first.");
            }

            return new PostgresBeside(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public override Task<T> ReadAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken) => RunAsync(work, cancellationToken);

    public override Task<T> WriteAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken) => RunAsync(
        session =>
        {
            using var transaction = session.Connection.BeginTransaction();
            var result = work(session);
            transaction.Commit();
            return result;
        },
        cancellationToken);

    public override ValueTask DisposeAsync()
    {
        _session.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<T> RunAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return work(_session);
        }
        catch (NpgsqlException fault) when (fault.IsTransient)
        {
            throw new StorageUnavailableException(fault.Message, fault);
        }
        finally
        {
            _turn.Release();
        }
    }
}
