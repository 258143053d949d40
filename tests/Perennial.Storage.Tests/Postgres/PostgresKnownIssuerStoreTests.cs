using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresKnownIssuerStoreTests(PostgresFixture postgres) : KnownIssuerStoreSuite(new PostgresStores(postgres));
