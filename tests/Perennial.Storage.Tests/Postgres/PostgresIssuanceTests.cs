using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresIssuanceTests(PostgresFixture postgres) : IssuanceSuite(new PostgresStores(postgres));
