using System.Globalization;
using Microsoft.Data.Sqlite;
using Perennial.Bench.Exchanges;
using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench;

/// <summary>
/// Makes an instance with a large fleet: one individual enrollment and one group member provision for real, and their rows are then multiplied in the
/// database of the stopped server. Names differ and stand in order; thumbprints and subjects are random, as in the field.
/// </summary>
internal static class GrownFleet
{
    /// <summary>Rows that stand once for a device, and the column of the device's name; of each table every column is copied.</summary>
    private static readonly (string Table, string Name)[] Tables =
    [
        ("enrollment", "key"), ("enrollment_certificate", "key"), ("registration", "key"), ("device", "id"), ("twin", "id"),
        ("sighted_device", "device"), ("sighting", "device"), ("slot_sighting", "device"), ("device_chain", "device"),
    ];

    /// <param name="folder">The data folder to make.</param>
    /// <param name="issuer">Who signs.</param>
    /// <param name="count">Individual enrollments; every second one is registered, and as many members of the group as are not.</param>
    public static async Task MakeAsync(string folder, FleetIssuer issuer, int count)
    {
        string individual, member, database;
        await using (var server = await PerennialServer.StartAsync(folder))
        {
            var applicants = new Applicants(server, issuer);
            await applicants.EnrollGroupAsync();
            individual = await ProvisionAsync(server, await applicants.IndividualsAsync(1));
            member = await ProvisionAsync(server, await applicants.MembersAsync(1));
            database = Path.Combine(folder, "perennial.db");
        }

        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        Execute(connection, "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY; BEGIN");
        foreach (var (table, name) in Tables)
        {
            Multiply(connection, table, name, individual, "individual", table.StartsWith("enrollment", StringComparison.Ordinal) ? count : count / 2);
            Multiply(connection, table, name, member, "member", count / 2);
        }

        Execute(connection, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static async Task<string> ProvisionAsync(PerennialServer server, IReadOnlyList<Applicant> one)
    {
        await new MqttExchange(server).RunAsync(one[0]);
        one[0].Credential.Dispose();
        return one[0].Id;
    }

    /// <summary>Copies the rows of one device for so many others.</summary>
    public static void Multiply(SqliteConnection connection, string table, string name, string template, string kind, int count)
    {
        var columns = ColumnsOf(connection, table);
        var values = columns.Select(column => column.Name switch
        {
            "thumbprint" or "subject" => "randomblob(32)",
            _ when column.Type == "TEXT" => $"replace({column.Name}, '{template}', printf('{kind}-x%07d', n))",
            var other => other,
        });
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
            INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))})
            SELECT {string.Join(", ", values)} FROM numbers, (SELECT * FROM {table} WHERE {name} = '{template}')
            """));
    }

    private static List<(string Name, string Type)> ColumnsOf(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name, type FROM pragma_table_info('{table}')";
        using var reader = command.ExecuteReader();
        var columns = new List<(string, string)>();
        while (reader.Read())
        {
            columns.Add((reader.GetString(0), reader.GetString(1)));
        }

        return columns;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
