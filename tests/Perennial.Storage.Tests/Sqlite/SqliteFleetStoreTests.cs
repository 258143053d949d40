using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteFleetStoreTests() : FleetStoreSuite(new SqliteStores());
