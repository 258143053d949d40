using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Storage.Copies;

/// <summary>The tables of this version, read from a database in memory that the migrations made.</summary>
/// <param name="Tables">A table stands after those it refers to.</param>
/// <param name="Migrations">The numbers of the migrations, in order.</param>
internal sealed record DatabaseSchema(IReadOnlyList<TableSchema> Tables, IReadOnlyList<long> Migrations)
{
    private const string Numbers = "SELECT number FROM migration ORDER BY number";

    public static DatabaseSchema Read(TimeProvider time)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        SqlMigrations.Apply(connection, time);
        var names = connection.Query<string>(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration' ORDER BY name").AsList();
        var ordered = new List<string>();
        names.ForEach(name => AddAfterParents(connection, name, ordered));
        return new DatabaseSchema(ordered.ConvertAll(name => Table(connection, name)), MigrationsOf(connection));
    }

    /// <summary>The numbers of the migrations that a database has seen.</summary>
    public static IReadOnlyList<long> MigrationsOf(DbConnection connection) => connection.Query<long>(Numbers).AsList();

    private static void AddAfterParents(SqliteConnection connection, string name, List<string> ordered)
    {
        if (ordered.Contains(name, StringComparer.Ordinal))
        {
            return;
        }

        foreach (var parent in connection.Query<string>("SELECT \"table\" FROM pragma_foreign_key_list(@name)", new { name }))
        {
            if (!string.Equals(parent, name, StringComparison.Ordinal))
            {
                AddAfterParents(connection, parent, ordered);
            }
        }

        ordered.Add(name);
    }

    private static TableSchema Table(SqliteConnection connection, string name)
    {
        var columns = connection.Query<(string Name, string Type, long Key)>(
            "SELECT name, type, pk FROM pragma_table_info(@name) ORDER BY cid", new { name }).AsList();
        var text = connection.ExecuteScalar<string>("SELECT sql FROM sqlite_master WHERE name = @name", new { name })!;
        var key = columns.Where(column => column.Key > 0).OrderBy(column => column.Key).Select(column => column.Name).ToList();
        return new TableSchema(
            name,
            columns.ConvertAll(column => new ColumnSchema(column.Name, KindOf(column.Type))),
            key,
            text.Contains("AUTOINCREMENT", StringComparison.Ordinal) ? key[0] : null);
    }

    private static ColumnKind KindOf(string type) => type switch
    {
        "INTEGER" => ColumnKind.Integer,
        "TEXT" => ColumnKind.Text,
        "BLOB" => ColumnKind.Bytes,
        "REAL" => ColumnKind.Real,
        _ => throw new InvalidDataException($"A migration declares a column of type '{type}', which is none of the stores' types."),
    };
}
