using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteIssuerStoreTests() : IssuerStoreSuite(new SqliteStores());
