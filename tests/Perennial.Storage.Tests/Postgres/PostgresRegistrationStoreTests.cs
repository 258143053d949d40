using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresRegistrationStoreTests(PostgresFixture postgres) : RegistrationStoreSuite(new PostgresStores(postgres));
