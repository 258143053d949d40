using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteSightingStoreTests() : SightingStoreSuite(new SqliteStores());
