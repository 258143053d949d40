using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteBreachStoreTests() : BreachStoreSuite(new SqliteStores());
