using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteImpactTests() : ImpactSuite(() => new SqliteStores(), Runs);
