using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteWebhookStoreTests() : WebhookStoreSuite(new SqliteStores());
