using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresDeviceboundStoreTests(PostgresFixture postgres) : DeviceboundStoreSuite(new PostgresStores(postgres));
