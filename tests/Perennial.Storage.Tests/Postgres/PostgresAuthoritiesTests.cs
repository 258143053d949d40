using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresAuthoritiesTests(PostgresFixture postgres) : AuthoritiesSuite(new PostgresStores(postgres));
