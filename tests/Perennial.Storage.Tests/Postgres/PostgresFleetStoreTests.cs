using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresFleetStoreTests(PostgresFixture postgres) : FleetStoreSuite(new PostgresStores(postgres));
