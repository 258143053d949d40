using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteRollOfferTests() : RollOfferSuite(() => new SqliteStores());
