using Perennial.Server.Storage.Postgres;
using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

/// <summary>A database of its own on the cluster of the tests.</summary>
public sealed class PostgresStores : SqlStores
{
    private readonly PostgresFixture _postgres;
    private readonly string _name;

    public PostgresStores(PostgresFixture postgres)
        : this(postgres, postgres.Create())
    {
    }

    private PostgresStores(PostgresFixture postgres, string name)
        : base(time => PostgresDatabase.Open(postgres.ConnectionString(name), time))
    {
        _postgres = postgres;
        _name = name;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _postgres.Drop(_name);
    }
}
