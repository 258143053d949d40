using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresAuditStoreTests(PostgresFixture postgres) : AuditStoreSuite(new PostgresStores(postgres));
