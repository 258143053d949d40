using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteBlockStoreTests() : BlockStoreSuite(new SqliteStores());
