using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresWebhookStoreTests(PostgresFixture postgres) : WebhookStoreSuite(new PostgresStores(postgres));
