using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresIndividualCandidatesTests(PostgresFixture postgres) : IndividualCandidatesSuite(new PostgresStores(postgres));
