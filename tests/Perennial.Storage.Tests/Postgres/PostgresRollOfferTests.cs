using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresRollOfferTests(PostgresFixture postgres) : RollOfferSuite(() => new PostgresStores(postgres));
