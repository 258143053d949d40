using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresRollTests(PostgresFixture postgres) : RollSuite(() => new PostgresStores(postgres), runs: 5);
