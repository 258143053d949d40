using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresSightingStoreTests(PostgresFixture postgres) : SightingStoreSuite(new PostgresStores(postgres));
