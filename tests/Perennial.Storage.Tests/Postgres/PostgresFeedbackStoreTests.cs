using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresFeedbackStoreTests(PostgresFixture postgres) : FeedbackStoreSuite(new PostgresStores(postgres));
