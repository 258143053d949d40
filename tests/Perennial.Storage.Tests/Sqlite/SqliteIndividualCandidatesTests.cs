using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteIndividualCandidatesTests() : IndividualCandidatesSuite(new SqliteStores());
