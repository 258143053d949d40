using Npgsql;
using Perennial.Server.Storage.Postgres;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresServerTests
{
    [Fact]
    public void A_connection_that_the_server_does_not_take_in_time_is_told_like_any_other_outage()
    {
        var server = new PostgresServer("Host=127.0.0.1;Port=1;Username=u;Database=d", TimeSpan.Zero);
        foreach (var connect in new Func<IDisposable>[] { server.ConnectWriter, server.ConnectReader, server.ConnectPatiently })
        {
            var fault = Assert.Throws<NpgsqlException>(() => connect());
            Assert.Equal("The database did not take the connection in time", fault.Message);
            Assert.True(PostgresFailures.IsOutage(fault, session: null) && PostgresFailures.IsTimeout(fault) && fault.IsTransient);
        }
    }
}
