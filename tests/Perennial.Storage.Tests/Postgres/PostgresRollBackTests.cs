using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresRollBackTests(PostgresFixture postgres) : RollBackSuite(() => new PostgresStores(postgres));
