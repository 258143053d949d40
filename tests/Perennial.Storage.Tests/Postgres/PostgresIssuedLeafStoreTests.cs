using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresIssuedLeafStoreTests(PostgresFixture postgres) : IssuedLeafStoreSuite(new PostgresStores(postgres));
