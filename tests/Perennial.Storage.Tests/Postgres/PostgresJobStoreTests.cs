using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresJobStoreTests(PostgresFixture postgres) : JobStoreSuite(new PostgresStores(postgres));
