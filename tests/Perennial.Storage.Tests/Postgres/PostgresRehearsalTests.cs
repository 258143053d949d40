using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresRehearsalTests(PostgresFixture postgres) : RehearsalSuite(() => new PostgresStores(postgres));
