using System.Data;
using System.Net.Sockets;
using Npgsql;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Postgres;

/// <summary>Tells failures of the server or the way to it from failures of a statement.</summary>
internal static class PostgresFailures
{
    /// <summary>Classes and codes of SQLSTATE that pass by themselves or by the operator's hand, without a change of the statement.</summary>
    private static readonly string[] Passing =
    [
        "08",       // connection
        "25006",    // read-only: a standby
        "25P03",    // idle in transaction for too long
        "53",       // resources: disk full, memory, connections
        "55P03",    // lock not available
        "57014",    // statement timeout
        "57P",      // shutting down, crashed, starting up
        "58",       // input or output failed
    ];

    /// <summary>Whether the time of a statement ran out.</summary>
    public static bool IsTimeout(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.QueryCanceled,
        NpgsqlException npgsql => npgsql.InnerException is TimeoutException,
        _ => exception is TimeoutException,
    };

    /// <summary>Whether the server could not do it now; the session that failed is given up.</summary>
    public static bool IsOutage(Exception exception, SqlSession? session) => exception switch
    {
        PostgresException postgres => Passing.Any(code => postgres.SqlState.StartsWith(code, StringComparison.Ordinal)),
        NpgsqlException or TimeoutException or SocketException or IOException => true,
        _ => session is not null && session.Connection.State != ConnectionState.Open,
    };
}
