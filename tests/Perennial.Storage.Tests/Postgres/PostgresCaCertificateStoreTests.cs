using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresCaCertificateStoreTests(PostgresFixture postgres) : CaCertificateStoreSuite(new PostgresStores(postgres));
