using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresImpactTests(PostgresFixture postgres) : ImpactSuite(() => new PostgresStores(postgres), runs: 12);
