using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresSubscriptionStoreTests(PostgresFixture postgres) : SubscriptionStoreSuite(new PostgresStores(postgres));
