using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresExpiryStoreTests(PostgresFixture postgres) : ExpiryStoreSuite(new PostgresStores(postgres));
