using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteIssuedLeafStoreTests() : IssuedLeafStoreSuite(new SqliteStores());
