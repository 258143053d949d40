using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresEnrollmentStoreTests(PostgresFixture postgres) : EnrollmentStoreSuite(new PostgresStores(postgres));
