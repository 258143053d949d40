using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;
using Perennial.Server.Instances;
using Perennial.Server.Storage.Postgres;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Storage.Sqlite;

namespace Perennial.Server.Hosting;

/// <summary>Opens the database of an address; what hinders it is told as the operator can mend it.</summary>
internal static class DatabaseOpening
{
    public static SqlDatabase Open(DatabaseAddress address, ILoggerFactory loggers, TimeProvider time)
    {
        return Opened(
            address,
            () => address.IsPostgres
                ? PostgresDatabase.Open(address.ConnectionString, time, loggers.CreateLogger<PostgresDatabase>())
                : OpenFile(address.Text, time));
    }

    private static SqlDatabase Opened(DatabaseAddress address, Func<SqlDatabase> open)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (
            exception is SqliteException or NpgsqlException or ArgumentException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new OperatorException($"the database {address} cannot be opened: {exception.Message}{Remedy(exception)}", exception);
        }
    }

    /// <summary>Opens the database for a command, whether a server runs on it or not.</summary>
    public static SqlDatabase OpenBeside(DatabaseAddress address, ILoggerFactory loggers, TimeProvider time)
    {
        try
        {
            return Open(address, loggers, time);
        }
        catch (OperatorException fault) when (fault.InnerException is DatabaseTakenException)
        {
            return Opened(address, () => PostgresBeside.Open(address.ConnectionString, time));
        }
    }

    // The database holds keys of devices: its owner alone reads it, and what SQLite keeps beside it gets the same mode.
    private static SqliteDatabase OpenFile(string file, TimeProvider time)
    {
        if (!File.Exists(file))
        {
            AtomicFile.WriteSecret(file, []);
        }

        return SqliteDatabase.Open(file, time);
    }

    private static string Remedy(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => ". Make it with: createdb",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            ". Give the password with --database, PGPASSWORD or PGPASSFILE.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } =>
            ". Let the user own the database: ALTER DATABASE … OWNER TO …",
        PostgresException => ".",
        NpgsqlException { InnerException: { } inner } => $" ({inner.Message}). Is PostgreSQL running, and does it listen there?",
        DatabaseTakenException => " Stop that one, or give this one a database of its own.",
        _ => string.Empty,
    };
}
