using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresTwinScanTests(PostgresFixture postgres) : TwinScanSuite(new PostgresStores(postgres));
