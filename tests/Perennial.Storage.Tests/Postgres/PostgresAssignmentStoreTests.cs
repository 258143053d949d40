using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresAssignmentStoreTests(PostgresFixture postgres) : AssignmentStoreSuite(new PostgresStores(postgres));
