using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresIssuerStoreTests(PostgresFixture postgres) : IssuerStoreSuite(new PostgresStores(postgres));
