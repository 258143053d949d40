using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresUserStoreTests(PostgresFixture postgres) : UserStoreSuite(new PostgresStores(postgres));
