using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresRollListTests(PostgresFixture postgres) : RollListSuite(() => new PostgresStores(postgres));
