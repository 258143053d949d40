using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresRollReportTests(PostgresFixture postgres) : RollReportSuite(() => new PostgresStores(postgres));
