using Dapper;
using Perennial.Server.Storage.Postgres;
using Perennial.Server.Storage.Sql;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresDatabaseTests(PostgresFixture postgres) : IDisposable
{
    private readonly string _name = postgres.Create();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => postgres.Drop(_name);

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
        Assert.Equal(Enumerable.Range(0, 200).Where(i => i % 7 != 3).Select(i => (long)i), await TimesAsync(database));
    }

    [Fact]
    public async Task A_statement_that_fails_fails_its_own_write_alone()
    {
        await using var database = Open();
        var bad = database.WriteAsync(session => session.Connection.Execute("INSERT INTO audit (at) VALUES (1)"), Stop);
        var good = database.WriteAsync(session => Insert(session, 1, isBad: false), Stop);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => bad);
        Assert.Equal(1, await good);
    }

    [Fact]
    public async Task Sessions_that_the_server_ended_are_replaced_unseen()
    {
        await using var database = Open();
        await database.WriteAsync(session => Insert(session, 1, isBad: false), Stop);
        Assert.Equal([1L], await TimesAsync(database));

        postgres.EndSessions(_name);

        await database.WriteAsync(session => Insert(session, 2, isBad: false), Stop);
        Assert.Equal([1L, 2L], await TimesAsync(database));
    }

    [Fact]
    public async Task The_database_of_a_newer_version_is_left_alone_with_a_clear_word()
    {
        await using (var database = Open())
        {
            await database.WriteAsync(
                session => session.Connection.Execute("INSERT INTO migration (number, name, applied) VALUES (9001, 'x', 'x')"), Stop);
        }

        Assert.Contains("9001", Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_never_ends_is_given_up_and_holds_no_other()
    {
        await using var database = Open();
        var slow = database.ReadAsync(session => session.Connection.Execute("SELECT pg_sleep(60)"), Stop);
        Assert.Empty(await TimesAsync(database));
        await Assert.ThrowsAsync<Perennial.Server.Storage.StorageUnavailableException>(() => slow);
    }

    private static int Insert(SqlSession session, int number, bool isBad)
    {
        session.Prepared(
            "INSERT INTO audit (at, actor, action, subject) VALUES ($at, 'a', 'b', 'c')", ("$at", number)).ExecuteNonQuery();
        return isBad ? throw new InvalidOperationException() : number;
    }

    private static Task<List<long>> TimesAsync(PostgresDatabase database) =>
        database.ReadAsync(session => session.Connection.Query<long>("SELECT at FROM audit ORDER BY at").AsList(), Stop);

    private PostgresDatabase Open() => PostgresDatabase.Open(postgres.ConnectionString(_name), TimeProvider.System);
}
