using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresCaReferenceTests(PostgresFixture postgres) : CaReferenceSuite(new PostgresStores(postgres));
