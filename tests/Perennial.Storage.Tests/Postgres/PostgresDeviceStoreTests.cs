using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresDeviceStoreTests(PostgresFixture postgres) : DeviceStoreSuite(new PostgresStores(postgres));
