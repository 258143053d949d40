using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteTwinStoreTests() : TwinStoreSuite(new SqliteStores());
