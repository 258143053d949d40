using Dapper;
using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Storage.Sqlite;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-");
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_write_that_fails_takes_nothing_else_of_its_group_along()
    {
        await using var database = Open();
        var writes = Enumerable.Range(0, 200).Select(i => database.WriteAsync(session => Insert(session, i, isBad: i % 7 == 3), Stop)).ToList();
        var results = await Task.WhenAll(writes.Select(async write =>
        {
            try
            {
                return await write;
            }
            catch (InvalidOperationException)
            {
                return -1;
            }
        }));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => i % 7 == 3 ? -1 : i), results);
        Assert.Equal(Enumerable.Range(0, 200).Where(i => i % 7 != 3).Select(i => (long)i), Times(database));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_opening_again()
    {
        await using (var database = Open())
        {
            await database.WriteAsync(session => Insert(session, 7, isBad: false), Stop);
        }

        await using var again = Open();
        Assert.Equal([7L], Times(again));
    }

    [Fact]
    public async Task The_file_of_a_newer_version_is_left_alone_with_a_clear_word()
    {
        await using (var database = Open())
        {
            await database.WriteAsync(
                session => session.Connection.Execute("INSERT INTO migration (number, name, applied) VALUES (9001, 'x', 'x')"), Stop);
        }

        Assert.Contains("9001", Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_survive_power_cuts_by_setting()
    {
        await using var database = Open();
        Assert.Equal(
            ("wal", 2L),
            database.Read(session => (
                session.Connection.ExecuteScalar<string>("PRAGMA journal_mode")!, session.Connection.ExecuteScalar<long>("PRAGMA synchronous"))));
    }

    [Fact]
    public async Task A_full_disk_is_told_as_an_outage_and_passes()
    {
        await using var database = Open();
        await database.WriteAsync(session => Insert(session, 1, isBad: false), Stop);
        var pages = await database.WriteAsync(session => session.Connection.ExecuteScalar<long>("PRAGMA page_count"), Stop);
        await database.WriteAsync(session => session.Connection.Execute($"PRAGMA max_page_count = {pages}"), Stop);
        var large = new byte[100_000];

        await Assert.ThrowsAsync<StorageUnavailableException>(() => database.WriteAsync(session => Keep(session, large), Stop));
        Assert.Equal([1L], Times(database));

        await database.WriteAsync(session => session.Connection.Execute("PRAGMA max_page_count = 100000"), Stop);
        Assert.Equal(1, await database.WriteAsync(session => Keep(session, large), Stop));
    }

    [Fact]
    public async Task A_file_that_another_process_holds_is_told_as_an_outage_and_passes()
    {
        await using var database = Open();
        await database.WriteAsync(session => session.Connection.Execute("PRAGMA busy_timeout = 20"), Stop);
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "perennial.db")};Pooling=false;Default Timeout=1"))
        {
            other.Open();
            other.Execute("BEGIN IMMEDIATE");
            await Assert.ThrowsAsync<StorageUnavailableException>(() => database.WriteAsync(session => Insert(session, 1, isBad: false), Stop));
            other.Execute("ROLLBACK");
        }

        Assert.Equal(1, await database.WriteAsync(session => Insert(session, 1, isBad: false), Stop));
    }

    private static int Keep(SqlSession session, byte[] der) => session.Prepared(
        "INSERT INTO presented_certificate (thumbprint, der) VALUES ($thumbprint, $der)", ("$thumbprint", new byte[] { 1 }), ("$der", der)).ExecuteNonQuery();

    private static int Insert(SqlSession session, int number, bool isBad)
    {
        session.Prepared(
            "INSERT INTO audit (at, actor, action, subject) VALUES ($at, 'a', 'b', 'c')", ("$at", number)).ExecuteNonQuery();
        return isBad ? throw new InvalidOperationException() : number;
    }

    private static List<long> Times(SqliteDatabase database) =>
        database.Read(session => session.Connection.Query<long>("SELECT at FROM audit ORDER BY at").AsList());

    private SqliteDatabase Open() => SqliteDatabase.Open(Path.Combine(_folder.FullName, "perennial.db"), _time);
}
