using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresTelemetryFeedTests(PostgresFixture postgres) : TelemetryFeedSuite(new PostgresStores(postgres));
