using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Storage.Copies;
using Perennial.Server.Storage.Postgres;
using Perennial.Server.Storage.Sqlite;
using Perennial.Storage.Tests.Postgres;

namespace Perennial.Storage.Tests.Copies;

/// <summary>Copies of databases in which every table of the schema has rows.</summary>
public sealed class CopyDatabaseTests(PostgresFixture postgres) : IDisposable
{
    private const int Rows = 300;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-");
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DatabaseSchema Schema => DatabaseSchema.Read(_time);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_row_arrives_in_PostgreSQL_and_back_in_SQLite()
    {
        var (first, second) = (await FilledFileAsync(), File("second.db"));
        var between = postgres.ConnectionString(postgres.CreateEmpty());

        var counts = Copy(CopySource.OfFile(first), PostgresCopyTarget.Create(between, Schema, _time));
        Copy(CopySource.OfPostgres(between), SqliteCopyTarget.Create(second, _time));

        Assert.All(Schema.Tables, table => Assert.Equal(Rows, counts[table.Name]));
        Assert.All(Schema.Tables, table => Assert.Equal(Dump(first, table), Dump(second, table)));
        Assert.False(System.IO.File.Exists(second + ".copying"));
    }

    [Fact]
    public async Task A_copy_in_PostgreSQL_is_served_and_numbers_on()
    {
        var target = postgres.ConnectionString(postgres.CreateEmpty());
        Copy(CopySource.OfFile(await FilledFileAsync()), PostgresCopyTarget.Create(target, Schema, _time));

        await using var database = PostgresDatabase.Open(target, _time);
        var number = await database.WriteAsync(
            session => (long)session.Prepared(
                "INSERT INTO audit (at, actor, action, subject) VALUES (1, 'a', 'b', 'c') RETURNING number").ExecuteScalar()!,
            Stop);

        Assert.Equal(Rows + 1, number);
    }

    [Fact]
    public async Task A_target_with_records_is_refused()
    {
        var (from, to) = (await FilledFileAsync(), postgres.ConnectionString(postgres.CreateEmpty()));
        Copy(CopySource.OfFile(from), PostgresCopyTarget.Create(to, Schema, _time));

        Assert.Contains("records already", Assert.Throws<InvalidDataException>(() => PostgresCopyTarget.Create(to, Schema, _time)).Message, StringComparison.Ordinal);
        Assert.Contains("there already", Assert.Throws<InvalidDataException>(() => SqliteCopyTarget.Create(from, _time)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_a_server_writes_is_refused()
    {
        var to = postgres.ConnectionString(postgres.CreateEmpty());
        await using var server = PostgresDatabase.Open(to, _time);

        Assert.Throws<DatabaseTakenException>(() => PostgresCopyTarget.Create(to, Schema, _time));
        Assert.Throws<DatabaseTakenException>(() => PostgresDatabase.Open(to, _time));
    }

    [Fact]
    public async Task A_copy_that_is_stopped_leaves_nothing_and_can_be_made_again()
    {
        var (from, to, file) = (await FilledFileAsync(), postgres.ConnectionString(postgres.CreateEmpty()), File("stopped.db"));

        StopMidway(CopySource.OfFile(from), PostgresCopyTarget.Create(to, Schema, _time));
        StopMidway(CopySource.OfFile(from), SqliteCopyTarget.Create(file, _time));

        Assert.Empty(_folder.EnumerateFiles("stopped.db*"));
        Copy(CopySource.OfFile(from), PostgresCopyTarget.Create(to, Schema, _time));
        Copy(CopySource.OfFile(from), SqliteCopyTarget.Create(file, _time));
    }

    [Fact]
    public async Task A_database_of_another_version_is_not_copied()
    {
        var from = await FilledFileAsync();
        Execute(from, "INSERT INTO migration (number, name, applied) VALUES (9001, 'x', 'x')");
        using var source = CopySource.OfFile(from);

        Assert.Contains("another version", Assert.Throws<InvalidDataException>(() => source.Require(Schema)).Message, StringComparison.Ordinal);
    }

    private IReadOnlyDictionary<string, long> Copy(CopySource from, ICopyTarget to)
    {
        using (from)
        using (to)
        {
            return new CopyDatabase(Schema, (_, _, _) => { }).Run(from, to, Stop);
        }
    }

    private void StopMidway(CopySource from, ICopyTarget to)
    {
        using var stop = new CancellationTokenSource();
        using (from)
        using (to)
        {
            var middle = Schema.Tables[Schema.Tables.Count / 2].Name;
            var copy = new CopyDatabase(Schema, (table, _, _) => StopAt(table == middle, stop));
            Assert.Throws<OperationCanceledException>(() => copy.Run(from, to, stop.Token));
        }
    }

    private static void StopAt(bool isThere, CancellationTokenSource stop)
    {
        if (isThere)
        {
            stop.Cancel();
        }
    }

    // Row i of every table holds i in every column, so that rows refer to rows that are there.
    private async Task<string> FilledFileAsync()
    {
        var path = File("first.db");
        await using (SqliteDatabase.Open(path, _time))
        {
            using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
            connection.Open();
            using var transaction = connection.BeginTransaction();
            foreach (var table in Schema.Tables)
            {
                Fill(connection, table, transaction);
            }

            transaction.Commit();
        }

        return path;
    }

    private static void Fill(SqliteConnection connection, TableSchema table, SqliteTransaction transaction)
    {
        connection.Execute($"DELETE FROM {table.Name}", transaction: transaction);
        var values = string.Join(", ", table.Columns.Select(column => column.Kind switch
        {
            ColumnKind.Integer => "@i",
            ColumnKind.Text => "@text",
            ColumnKind.Bytes => "@bytes",
            _ => "@i / 8.0",
        }));
        for (var i = 1; i <= Rows; i++)
        {
            connection.Execute(
                $"INSERT INTO {table.Name} ({table.ColumnList}) VALUES ({values})",
                new { i, text = $"Row \"{i}\"\n'ü€'\t\\", bytes = BitConverter.GetBytes(i) },
                transaction);
        }
    }

    private static List<string> Dump(string path, TableSchema table)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        var columns = string.Join(" || '|' || ", table.Columns.Select(column => $"quote({column.Name})"));
        return connection.Query<string>($"SELECT {columns} FROM {table.Name} ORDER BY {string.Join(", ", table.Key)}").AsList();
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        connection.Execute(sql);
    }

    private string File(string name) => Path.Combine(_folder.FullName, name);
}
