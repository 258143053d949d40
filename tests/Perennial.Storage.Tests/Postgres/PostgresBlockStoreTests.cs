using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresBlockStoreTests(PostgresFixture postgres) : BlockStoreSuite(new PostgresStores(postgres));
