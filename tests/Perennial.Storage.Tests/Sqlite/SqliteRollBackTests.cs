using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteRollBackTests() : RollBackSuite(() => new SqliteStores());
