using Dapper;
using Microsoft.Data.Sqlite;
using Perennial.Server.Instances;
using Perennial.Server.Storage.Copies;

namespace Perennial.Server.Backups;

/// <summary>A database as it stands at one instant, in a SQLite file, while a server goes on using it.</summary>
internal static class DatabaseSnapshot
{
    /// <param name="address">The database.</param>
    /// <param name="file">Where to; an empty file that is there keeps its mode.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops a copy from PostgreSQL.</param>
    public static void Write(DatabaseAddress address, string file, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!address.IsPostgres)
        {
            using var connection = Open(address.Text);
            connection.Execute("VACUUM INTO @file", new { file }, commandTimeout: 0);
            return;
        }

        using var source = CopySource.OfPostgres(address.ConnectionString);
        using var target = SqliteCopyTarget.Create(file, time);
        new CopyDatabase(DatabaseSchema.Read(time), (_, _, _) => { }).Run(source, target, cancellationToken);
    }

    /// <summary>The rows of each table.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IReadOnlyDictionary<string, long> Examine(string file)
    {
        using var connection = Open(file);
        var verdict = connection.ExecuteScalar<string>("PRAGMA integrity_check", commandTimeout: 0);
        if (verdict != "ok")
        {
            throw new InvalidDataException($"The database in the backup is damaged: {verdict}");
        }

        return connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .AsList()
            .ToDictionary(table => table, table => connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}", commandTimeout: 0), StringComparer.Ordinal);
    }

    private static SqliteConnection Open(string file)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        return connection;
    }
}
