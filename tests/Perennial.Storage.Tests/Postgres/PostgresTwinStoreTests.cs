using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresTwinStoreTests(PostgresFixture postgres) : TwinStoreSuite(new PostgresStores(postgres));
