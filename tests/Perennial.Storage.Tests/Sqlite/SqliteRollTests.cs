using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteRollTests() : RollSuite(() => new SqliteStores(), Runs);
