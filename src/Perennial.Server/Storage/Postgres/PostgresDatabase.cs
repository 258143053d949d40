using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Postgres;

/// <summary>
/// One PostgreSQL database. Threads of its own read and write, so that a server that hangs holds nothing else; an outage is waited out
/// for <see cref="Outage.Patience"/> and then told with a <see cref="StorageUnavailableException"/> until it is over.
/// </summary>
internal sealed class PostgresDatabase : SqlDatabase
{
    private readonly Outage _outage;
    private readonly PostgresWriter _writer;
    private readonly PostgresReaders _readers;

    private PostgresDatabase(PostgresServer server, SqlSession writer, TimeProvider time, ILogger logger)
    {
        _outage = new Outage(time, logger);
        _writer = new PostgresWriter(server, writer, _outage);
        _readers = new PostgresReaders(server, _outage, _writer.Probe);
    }

    /// <summary>Takes the database for this process alone and brings its schema up to date.</summary>
    /// <param name="connectionString">Npgsql's form, for instance <c>Host=db;Database=perennial;Username=perennial</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of outages.</param>
    public static PostgresDatabase Open(string connectionString, TimeProvider time, ILogger? logger = null)
    {
        var server = new PostgresServer(connectionString);
        var writer = server.ConnectWriter();
        try
        {
            RequireVersion(writer);
            using (var patient = server.ConnectPatiently())
            {
                SqlMigrations.Apply(patient.Connection, time, PostgresDialect.Migration);
            }

            return new PostgresDatabase(server, writer, time, logger ?? NullLogger.Instance);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    public override Task<T> ReadAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken) =>
        _readers.RunAsync(work, cancellationToken);

    public override Task<T> WriteAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken) =>
        _writer.RunAsync(work, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _readers.StopAsync();
        await _writer.DisposeAsync();
        _outage.Dispose();
    }

    private static void RequireVersion(SqlSession session)
    {
        var version = int.Parse(session.Connection.ExecuteScalar<string>("SHOW server_version_num")!, CultureInfo.InvariantCulture) / 10_000;
        if (version < PostgresServer.LeastVersion)
        {
            throw new InvalidDataException($"The server is PostgreSQL {version}; {PostgresServer.LeastVersion} or later is needed.");
        }
    }
}
