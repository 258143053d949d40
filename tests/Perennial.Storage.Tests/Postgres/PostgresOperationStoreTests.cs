using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresOperationStoreTests(PostgresFixture postgres) : OperationStoreSuite(new PostgresStores(postgres));
