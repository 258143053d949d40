using Dapper;
using Npgsql;
using NpgsqlTypes;
using Perennial.Server.Storage.Postgres;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Copies;

/// <summary>A PostgreSQL database, taken as a server takes it and filled in one transaction.</summary>
internal sealed class PostgresCopyTarget : ICopyTarget
{
    private readonly SqlSession _lock;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private PostgresCopyTarget(SqlSession taken, NpgsqlConnection connection)
    {
        _lock = taken;
        _connection = connection;
        _transaction = connection.BeginTransaction();
    }

    /// <exception cref="InvalidDataException">It holds records.</exception>
    public static PostgresCopyTarget Create(string connectionString, DatabaseSchema schema, TimeProvider time)
    {
        var server = new PostgresServer(connectionString);
        var taken = server.ConnectWriter();
        NpgsqlConnection? connection = null;
        try
        {
            connection = (NpgsqlConnection)server.ConnectPatiently().Connection;
            SqlMigrations.Apply(connection, time, PostgresDialect.Migration);
            return schema.Tables.FirstOrDefault(table => CopySource.Count(connection, table) > 0) is { } table
                ? throw new InvalidDataException($"The database holds records already (table {table.Name}); a copy is made into an empty one.")
                : new PostgresCopyTarget(taken, connection);
        }
        catch
        {
            connection?.Dispose();
            taken.Dispose();
            throw;
        }
    }

    public void Write(TableSchema table, IEnumerable<object?[]> rows)
    {
        using var import = _connection.BeginBinaryImport($"COPY {table.Name} ({table.ColumnList}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            import.StartRow();
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is { } value)
                {
                    import.Write(value, TypeOf(table.Columns[i].Kind));
                }
                else
                {
                    import.WriteNull();
                }
            }
        }

        import.Complete();
        import.Close();
        if (table.Identity is { } identity)
        {
            _connection.Execute(
                $"SELECT setval(pg_get_serial_sequence(@Name, @identity), coalesce(max({identity}), 0) + 1, false) FROM {table.Name}",
                new { table.Name, identity });
        }
    }

    public long Count(TableSchema table) => CopySource.Count(_connection, table);

    public void Commit() => _transaction.Commit();

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
        _lock.Dispose();
    }

    private static NpgsqlDbType TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => NpgsqlDbType.Bigint,
        ColumnKind.Text => NpgsqlDbType.Text,
        ColumnKind.Bytes => NpgsqlDbType.Bytea,
        _ => NpgsqlDbType.Double,
    };
}
