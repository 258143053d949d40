using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresPortalListTests(PostgresFixture postgres) : PortalListSuite(new PostgresStores(postgres));
