using Npgsql;
using Perennial.Server.Storage.Postgres;
using Perennial.Storage.Tests.Postgres;
using Perennial.TestPostgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Perennial.Storage.Tests.Postgres;

/// <summary>One cluster for all tests; each database is a copy of a template that holds the schema.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private const string Template = "perennial_template";

    private readonly Lock _gate = new();
    private PostgresCluster? _cluster;
    private int _databases;

    /// <summary>Makes a database with the schema and returns its name.</summary>
    public string Create() => Create($"TEMPLATE {Template}");

    /// <summary>Makes a database without anything in it and returns its name.</summary>
    public string CreateEmpty() => Create("TEMPLATE template0");

    public void Drop(string name) => Execute($"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>Ends every session of a database, as a restart does.</summary>
    public void EndSessions(string name) => Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");

    /// <summary>Npgsql's words for one of the databases.</summary>
    public string ConnectionString(string name) => _cluster!.ConnectionString(name);

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.StartAsync(isDurable: false);
        await _cluster.QueryAsync("postgres", $"CREATE DATABASE {Template}");
        await using var database = PostgresDatabase.Open(_cluster.ConnectionString(Template), TimeProvider.System);
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    // One copy of a template is made at a time.
    private string Create(string like)
    {
        lock (_gate)
        {
            var name = $"test{++_databases}";
            Execute($"CREATE DATABASE {name} {like}");
            return name;
        }
    }

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are the fixture's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
