using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteIssuerRollTests() : IssuerRollSuite(() => new SqliteStores());
