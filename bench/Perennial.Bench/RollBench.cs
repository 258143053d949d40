using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Perennial.Bench.Exchanges;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Protocol;
using Perennial.Rolling.Rolls;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Storage.Sqlite;

namespace Perennial.Bench;

/// <summary>What a step of a roll over a large fleet costs, and how fast devices are offered the new certificate.</summary>
internal static class RollBench
{
    private const string Version = $"{ApiVersion.Parameter}={ApiVersion.ProvisioningService}";
    private const string Roll = "bench";

    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task<int> RunAsync(bool isQuick)
    {
        var (devices, rounds) = isQuick ? (10_000, 5) : (100_000, 50);
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var issuer = new FleetIssuer(Time);
            await MakeAsync(folder.FullName, issuer, devices);
            double create, offers;
            await using (var server = await PerennialServer.StartAsync(folder.FullName))
            {
                create = await CreateAsync(server, issuer);
            }

            var before = await StepsAsync(folder.FullName, rounds, _ => false);
            await using (var server = await PerennialServer.StartAsync(folder.FullName))
            {
                offers = await OfferAsync(server, devices);
            }

            var after = await StepsAsync(folder.FullName, rounds, _ => true);
            PerformancePage.Report("rolls", string.Create(CultureInfo.InvariantCulture, $"""
                A roll of the signing certificate of a group with {devices:N0} devices, on SQLite:

                - planned and its devices taken up: {create / 1000:0.0} s
                - facts of a step, no device being offered anything yet: {before.Elapsed.Median:0} ms, 19 of 20 below {before.Elapsed.NineteenOfTwenty:0} ms (goal 200 ms), processor time {before.Cpu:0} ms
                - facts of a step, all of them being offered it in one wave and all of them connected and none having moved: {after.Elapsed.Median:0} ms, 19 of 20 below {after.Elapsed.NineteenOfTwenty:0} ms, processor time {after.Cpu:0} ms
                - offers by desired property where the rate sets no limit: {devices / offers:N0} in a second

                {rounds} steps each.
                """), isQuick);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A device registers for real and its rows are multiplied.</summary>
    private static async Task MakeAsync(string folder, FleetIssuer issuer, int count)
    {
        string id;
        await using (var server = await PerennialServer.StartAsync(folder))
        {
            var applicants = new Applicants(server, issuer);
            await applicants.EnrollGroupAsync();
            var member = (await applicants.MembersAsync(1))[0];
            await new MqttExchange(server).RunAsync(member);
            member.Credential.Dispose();
            id = member.Id;
        }

        await using var connection = new SqliteConnection($"Data Source={Database(folder)};Pooling=False");
        await connection.OpenAsync();
        GrownFleet.Execute(connection, "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY; BEGIN");
        foreach (var (table, name) in new[] { ("registration", "key"), ("device", "id"), ("twin", "id"), ("sighted_device", "device"), ("device_chain", "device") })
        {
            GrownFleet.Multiply(connection, table, name, id, "member", count - 1);
        }

        GrownFleet.Execute(connection, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static async Task<double> CreateAsync(PerennialServer server, FleetIssuer issuer)
    {
        using var found = await server.Provisioning.SendAsync(HttpMethod.Get, $"enrollmentGroups/{SandboxFleet.GroupId}?{Version}", null, CancellationToken.None);
        var group = JsonNode.Parse(await found.Content.ReadAsStringAsync())!;
        using var other = issuer.IssueOther("another");
        group["attestation"]!["x509"]!["signingCertificates"]!["secondary"] = new JsonObject { ["certificate"] = other.Own.CertificatePem };
        await AskAsync(server, HttpMethod.Put, $"enrollmentGroups/{SandboxFleet.GroupId}?{Version}", group.ToJsonString());
        var began = Time.GetTimestamp();
        await AskAsync(server, HttpMethod.Put, $"rolls/{Roll}?{Version}", $$$"""
            {"enrollmentGroupId":"{{{SandboxFleet.GroupId}}}","plan":{"waveSize":1000000,"gate":0.000001,"soakSeconds":0,"ratePerMinute":1000000,
             "contactWithinSeconds":0.001,"lostContact":{"share":1,"devices":1000000} } }
            """);
        return Time.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <returns>Seconds until all were offered it.</returns>
    private static async Task<double> OfferAsync(PerennialServer server, int devices)
    {
        await AskAsync(server, HttpMethod.Post, $"rolls/{Roll}/start?{Version}", """{"withoutRehearsal":"a bench"}""");
        await WaitForAsync(server, 1);
        var canary = (await AskAsync(server, HttpMethod.Get, $"rolls/{Roll}/devices?{Version}", null)).AsArray()[0]!["registrationId"];
        await AskAsync(server, HttpMethod.Post, $"rolls/{Roll}/devices/{canary}/waive?{Version}", """{"reason":"the canary"}""");
        await WaitForAsync(server, 2);
        var began = Time.GetTimestamp();
        await WaitForAsync(server, devices);
        return Time.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task WaitForAsync(PerennialServer server, int offered)
    {
        while ((int)(await AskAsync(server, HttpMethod.Get, $"rolls/{Roll}?{Version}", null))["progress"]!["offered"]! < offered)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), Time);
        }
    }

    private static async Task<JsonNode> AskAsync(PerennialServer server, HttpMethod method, string path, string? body)
    {
        using var answer = await server.Provisioning.SendAsync(method, path, body is null ? null : System.Text.Encoding.UTF8.GetBytes(body), CancellationToken.None);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{method} {path}: {text}");
    }

    /// <returns>Milliseconds of a step, but for what it does, and what of it the processor worked.</returns>
    private static async Task<(Figures Elapsed, double Cpu)> StepsAsync(string folder, int rounds, Func<string, bool> isConnected)
    {
        await using var database = SqliteDatabase.Open(Database(folder), Time);
        var rolls = new RollStore(database, Time);
        var (times, cpu) = (new List<double>(), Environment.CpuUsage.TotalTime);
        for (var round = 0; round < rounds; round++)
        {
            var began = Time.GetTimestamp();
            var found = (await rolls.FindAsync(Roll, CancellationToken.None))!;
            var roll = found with { Plan = found.Plan with { LostContact = new RollPlan().LostContact } };
            await rolls.GatherAsync(roll, all: false, CancellationToken.None);
            var facts = await rolls.ReadFactsAsync(roll, isConnected, Time.GetUtcNow(), CancellationToken.None);
            RollPlanner.Plan(roll, facts, Time.GetUtcNow());
            times.Add(Time.GetElapsedTime(began).TotalMilliseconds);
        }

        return (new Figures(times), (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / rounds);
    }

    private static string Database(string folder) => Path.Combine(folder, "perennial.db");
}
