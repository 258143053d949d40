using Perennial.Server.Storage.Postgres;
using Perennial.Server.Storage.Sql;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresBesideTests(PostgresFixture postgres) : IDisposable
{
    private readonly string _name = postgres.Create();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => postgres.Drop(_name);

    [Fact]
    public async Task A_command_changes_profiles_beside_the_server_and_the_server_sees_it()
    {
        await using var server = PostgresDatabase.Open(postgres.ConnectionString(_name), TimeProvider.System);
        Assert.Throws<DatabaseTakenException>(() => PostgresDatabase.Open(postgres.ConnectionString(_name), TimeProvider.System));
        await using var beside = PostgresBeside.Open(postgres.ConnectionString(_name), TimeProvider.System);
        await new ProfileStore(beside, TimeProvider.System).SaveAsync(new() { Name = "lamps", IssuerName = "factory" }, "op", Stop);
        Assert.Equal("factory", (await new ProfileStore(server, TimeProvider.System).FindAsync("lamps", Stop))!.IssuerName);
    }

    [Fact]
    public async Task What_fails_beside_changes_nothing()
    {
        await using var beside = PostgresBeside.Open(postgres.ConnectionString(_name), TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(() => beside.WriteAsync<int>(
            session =>
            {
                AuditRow.Write(session, TimeProvider.System.GetUtcNow(), "op", "test", "test", null, null);
                throw new InvalidOperationException();
            },
            Stop));
        Assert.Equal(0L, await beside.ReadAsync(session => (long)session.Prepared("SELECT count(*) FROM audit").ExecuteScalar()!, Stop));
    }

    [Fact]
    public void A_database_of_another_version_is_left_alone()
    {
        var empty = postgres.CreateEmpty();
        try
        {
            using (var session = new PostgresServer(postgres.ConnectionString(empty)).ConnectPatiently())
            {
                session.Prepared("CREATE TABLE migration (number BIGINT)").ExecuteNonQuery();
            }

            Assert.Throws<InvalidDataException>(() => PostgresBeside.Open(postgres.ConnectionString(empty), TimeProvider.System));
        }
        finally
        {
            postgres.Drop(empty);
        }
    }
}
