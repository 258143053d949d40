using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Postgres;

public sealed class PostgresIssuerRollTests(PostgresFixture postgres) : IssuerRollSuite(() => new PostgresStores(postgres));
