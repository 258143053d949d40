using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteAssignmentStoreTests() : AssignmentStoreSuite(new SqliteStores());
