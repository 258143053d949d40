using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresLinkLedgerTests(PostgresFixture postgres) : LinkLedgerSuite(new PostgresStores(postgres));
