using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresBreachStoreTests(PostgresFixture postgres) : BreachStoreSuite(new PostgresStores(postgres));
