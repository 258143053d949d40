using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Perennial.Server.Storage.Postgres;

namespace Perennial.Server.Storage.Copies;

/// <summary>A database as it stood at one instant, whether a server goes on writing it or not.</summary>
internal sealed class CopySource : IDisposable
{
    private readonly DbConnection _connection;
    private readonly DbTransaction _snapshot;

    private CopySource(DbConnection connection, DbTransaction snapshot)
    {
        _connection = connection;
        _snapshot = snapshot;
    }

    public static CopySource OfFile(string path)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            return Begin(connection, connection.BeginTransaction(deferred: true));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static CopySource OfPostgres(string connectionString)
    {
        var connection = new PostgresServer(connectionString).ConnectPatiently().Connection;
        try
        {
            return Begin(connection, connection.BeginTransaction(IsolationLevel.RepeatableRead));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a database of another version.</summary>
    public void Require(DatabaseSchema schema)
    {
        if (!DatabaseSchema.MigrationsOf(_connection).SequenceEqual(schema.Migrations))
        {
            throw new InvalidDataException("It was made by another version. Serve it once with this version, or use the version that made it.");
        }
    }

    public long Count(TableSchema table) => Count(_connection, table);

    public DbDataReader Read(TableSchema table) =>
        (DbDataReader)_connection.ExecuteReader(table.Select, transaction: _snapshot, commandTimeout: 0);

    public void Dispose()
    {
        _snapshot.Dispose();
        _connection.Dispose();
    }

    public static long Count(DbConnection connection, TableSchema table) =>
        connection.ExecuteScalar<long>($"SELECT count(*) FROM {table.Name}", commandTimeout: 0);

    // A snapshot stands from its first read on.
    private static CopySource Begin(DbConnection connection, DbTransaction transaction)
    {
        connection.Execute("SELECT count(*) FROM migration", transaction: transaction);
        return new CopySource(connection, transaction);
    }
}
