using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresPolicyLedgerTests(PostgresFixture postgres) : PolicyLedgerSuite(new PostgresStores(postgres));
