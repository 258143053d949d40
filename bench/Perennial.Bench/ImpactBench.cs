using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Perennial.Bench.Exchanges;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Protocol;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench;

/// <summary>How long it takes to tell what a change of a group would do to its million devices.</summary>
internal static class ImpactBench
{
    private const string Version = $"{ApiVersion.Parameter}={ApiVersion.ProvisioningService}";
    private const int Days = 60;

    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task<int> RunAsync(bool isQuick)
    {
        var (devices, rounds) = isQuick ? (50_000, 3) : (1_000_000, 15);
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var issuer = new FleetIssuer(Time);
            await MakeAsync(folder.FullName, issuer, devices);
            await using var server = await PerennialServer.StartAsync(folder.FullName);
            var group = await GroupAsync(server, issuer);
            var first = await TimeAsync(server, group, "", devices);
            var counts = await RoundsAsync(rounds, () => TimeAsync(server, group, "", devices));
            var pages = await RoundsAsync(rounds, () => TimeAsync(server, group, "&list=losesAtOnce", 100));
            var table = await TimeAsync(server, group, "&format=csv", devices);
            PerformancePage.Report("impact", string.Create(CultureInfo.InvariantCulture, $"""
                With {devices:N0} devices registered through one group, whose leaves end over {Days} days; the change removes the signing certificate of them all:

                - counts by outcome, reasons and days: {counts.Median / 1000:0.00} s, 19 of 20 below {counts.NineteenOfTwenty / 1000:0.00} s, the first after the start {first / 1000:0.00} s (goal 2 s)
                - a page of 100 devices that lose access: {pages.Median:0} ms
                - all of them as comma-separated values: {table / 1000:0.0} s

                Over HTTPS, at the client, {rounds} times.
                """), isQuick);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A device registers for real and its rows are multiplied; all but the names and the ends of the leaves are its own.</summary>
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

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "perennial.db")};Pooling=False");
        await connection.OpenAsync();
        GrownFleet.Execute(connection, "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY; BEGIN");
        foreach (var (table, name) in new[] { ("registration", "key"), ("sighted_device", "device"), ("device_chain", "device") })
        {
            GrownFleet.Multiply(connection, table, name, id, "member", count - 1);
        }

        // The device itself keeps the leaf that ends last, since there are no certificates of the others.
        GrownFleet.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
            UPDATE device_chain SET not_after = not_after - (abs(random()) % {Days * TimeSpan.TicksPerDay}) WHERE device <> '{id}';
            UPDATE device_chain SET last_day = not_after / {TimeSpan.TicksPerDay};
            COMMIT; PRAGMA wal_checkpoint(TRUNCATE)
            """));
    }

    private static async Task<byte[]> GroupAsync(PerennialServer server, FleetIssuer issuer)
    {
        using var answer = await server.Provisioning.SendAsync(
            HttpMethod.Get, $"enrollmentGroups/{SandboxFleet.GroupId}?{Version}", null, CancellationToken.None);
        var group = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        using var other = issuer.IssueOther("another");
        group["attestation"]!["x509"]!["signingCertificates"] = new JsonObject { ["primary"] = new JsonObject { ["certificate"] = other.Own.CertificatePem } };
        return JsonSerializer.SerializeToUtf8Bytes(group);
    }

    private static async Task<Figures> RoundsAsync(int rounds, Func<Task<double>> takeAsync)
    {
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            times.Add(await takeAsync());
        }

        return new Figures(times);
    }

    /// <returns>Milliseconds.</returns>
    private static async Task<double> TimeAsync(PerennialServer server, byte[] group, string query, long expected)
    {
        var started = Time.GetTimestamp();
        using var answer = await server.Provisioning.SendAsync(
            HttpMethod.Put, $"enrollmentGroups/{SandboxFleet.GroupId}?dryRun=true{query}&{Version}", group, CancellationToken.None);
        var text = await answer.Content.ReadAsStringAsync();
        var elapsed = Time.GetElapsedTime(started).TotalMilliseconds;
        var told = query.Contains("csv", StringComparison.Ordinal) ? text.Split("losesAtOnce").Length - 1
            : query.Length > 0 ? JsonNode.Parse(text)!.AsArray().Count
            : (long)JsonNode.Parse(text)!["devices"]!["losesAtOnce"]!;
        return told == expected ? elapsed : throw new InvalidOperationException($"{told} devices were told instead of {expected}: {text[..Math.Min(500, text.Length)]}");
    }
}
