using System.Globalization;
using Dapper;
using Npgsql;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Postgres;

/// <summary>Makes sessions to one PostgreSQL database, with the time-outs that keep a server that hangs from hanging its clients.</summary>
internal sealed class PostgresServer
{
    /// <summary>Who holds this advisory lock writes; it goes with the session that took it.</summary>
    public const long WriterLock = 0x506572656E6E6961;

    /// <summary>PostgreSQL 15 and later are tested; earlier ones are refused.</summary>
    public const int LeastVersion = 15;

    private const int ConnectSeconds = 3;
    private const int CommandSeconds = 5;

    // The driver waits without end for a server that hangs while it asks it for encryption a second time; this wait ends.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2 * ConnectSeconds);

    private readonly TimeSpan _limit;
    private readonly string _writer;
    private readonly string _reader;
    private readonly string _patient;

    /// <param name="connectionString">As the operator wrote it.</param>
    /// <param name="limit">How long the server may take to accept a connection; null for the usual time.</param>
    public PostgresServer(string connectionString, TimeSpan? limit = null)
    {
        _limit = limit ?? ConnectLimit;
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
            CancellationTimeout = -1,
            KeepAlive = 0,
            TcpKeepAlive = true,
            Enlist = false,
            MaxAutoPrepare = 500,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
            ApplicationName = string.Create(CultureInfo.InvariantCulture, $"perennial {Guid.NewGuid():N}"),
        };
        var options = settings.Options;
        settings.Options = $"{options} -c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=20s".TrimStart();
        _writer = settings.ConnectionString;
        settings.ApplicationName = "perennial reader";
        _reader = settings.ConnectionString;
        settings.Options = options;
        settings.CommandTimeout = 0;
        _patient = settings.ConnectionString;
    }

    /// <summary>A session for short reads.</summary>
    /// <exception cref="NpgsqlException">The server refused it, or did not take it in time.</exception>
    public SqlSession ConnectReader() => Connect(_reader);

    /// <summary>A session for long work on the whole database, without time-outs.</summary>
    public SqlSession ConnectPatiently() => Connect(_patient);

    /// <summary>The session that may write. Another of this process that the server has not yet seen end is ended.</summary>
    public SqlSession ConnectWriter()
    {
        var session = Connect(_writer);
        try
        {
            EndPredecessor(session);
            session.Connection.Execute("SELECT pg_advisory_lock(@WriterLock)", new { WriterLock });
            return session;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            session.Dispose();
            throw new DatabaseTakenException(exception);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void EndPredecessor(SqlSession session) =>
        session.Connection.Execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = current_setting('application_name') AND datname = current_database() AND pid <> pg_backend_pid()
            """);

    private SqlSession Connect(string connectionString)
    {
        using var limit = new CancellationTokenSource(_limit);
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            connection.OpenAsync(limit.Token).GetAwaiter().GetResult();
            return new SqlSession(connection, PostgresDialect.Statement);
        }
        catch (OperationCanceledException exception)
        {
            connection.Dispose();
            var waited = string.Create(CultureInfo.InvariantCulture, $"no answer within {_limit.TotalSeconds} s");
            throw new NpgsqlException("The database did not take the connection in time", new TimeoutException(waited, exception));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
