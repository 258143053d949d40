using Perennial.Server.Storage.Postgres;
using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresMigrationTests : MigrationSuite, IDisposable
{
    private readonly PostgresFixture _postgres;
    private readonly string _name;

    public PostgresMigrationTests(PostgresFixture postgres)
        : this(postgres, postgres.Create())
    {
    }

    private PostgresMigrationTests(PostgresFixture postgres, string name)
        : base(() => PostgresDatabase.Open(postgres.ConnectionString(name), TimeProvider.System)) => (_postgres, _name) = (postgres, name);

    public void Dispose() => _postgres.Drop(_name);
}
