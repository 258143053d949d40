using Dapper;
using Microsoft.Data.Sqlite;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Copies;

/// <summary>A SQLite file that is written beside its place and takes it when it is whole.</summary>
internal sealed class SqliteCopyTarget : ICopyTarget
{
    private readonly string _path;
    private readonly string _draft;
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;

    private SqliteCopyTarget(string path, string draft, SqliteConnection connection)
    {
        _path = path;
        _draft = draft;
        _connection = connection;
        _transaction = connection.BeginTransaction();
    }

    /// <exception cref="InvalidDataException">There is a file with something in it.</exception>
    public static SqliteCopyTarget Create(string path, TimeProvider time)
    {
        if (File.Exists(path) && new FileInfo(path).Length > 0)
        {
            throw new InvalidDataException("The file is there already; a copy is made into a new one.");
        }

        var draft = path + ".copying";
        File.Delete(draft);
        OwnerOnlyFile.Create(draft).Dispose();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = draft, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; PRAGMA cache_size = -64000");
            SqlMigrations.Apply(connection, time);
            return new SqliteCopyTarget(path, draft, connection);
        }
        catch
        {
            connection.Dispose();
            File.Delete(draft);
            throw;
        }
    }

    public void Write(TableSchema table, IEnumerable<object?[]> rows)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The names are those of the migrations.
        command.CommandText = $"INSERT INTO {table.Name} ({table.ColumnList}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"$p{i}"))})";
#pragma warning restore CA2100
        var parameters = table.Columns.Select((_, i) => command.Parameters.Add(new SqliteParameter { ParameterName = $"$p{i}" })).ToList();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                parameters[i].Value = row[i] ?? DBNull.Value;
            }

            command.ExecuteNonQuery();
        }
    }

    public long Count(TableSchema table) => CopySource.Count(_connection, table);

    public void Commit()
    {
        _transaction.Commit();
        _connection.Dispose();
        using (var file = new FileStream(_draft, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        File.Move(_draft, _path, overwrite: true);
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
        File.Delete(_draft);
    }
}
