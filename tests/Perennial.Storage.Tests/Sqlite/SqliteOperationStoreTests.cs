using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteOperationStoreTests() : OperationStoreSuite(new SqliteStores());
