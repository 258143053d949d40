using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteRollReportTests() : RollReportSuite(() => new SqliteStores());
