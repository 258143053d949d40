using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Perennial.TestPostgres;

namespace Perennial.Server.Tests.Crashes;

/// <summary>What was acknowledged survives crashes. A few here; <c>eng/crash.sh</c> asks for the full counts.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-crash-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Kill_9_of_the_server_loses_nothing_acknowledged()
    {
        var kills = Count("PERENNIAL_KILLS");
        using var run = await CrashRun.CreateAsync(_folder.FullName);
        for (var round = 0; round < kills; round++)
        {
            await run.RoundAsync(round, server => server.KillAsync());
        }

        Expect(run, _folder.FullName, "kill -9 of the server on SQLite", kills);
    }

    [Fact]
    public async Task A_power_cut_loses_nothing_acknowledged()
    {
        var cuts = Count("PERENNIAL_POWER_CUTS");
        await using var disk = await LoopDisk.TryCreateAsync(_folder.FullName);
        Assert.SkipWhen(disk is null, "This machine does not let a test mount a file system.");
        var data = Path.Combine(disk!.Mount, "data");
        using var run = await CrashRun.CreateAsync(data);
        for (var round = 0; round < cuts; round++)
        {
            await run.RoundAsync(round, async server =>
            {
                // Without power nothing is said after the cut: an fsync under way at that instant may still return as if it had been done.
                await server.FreezeAsync();
                disk.Cut();
                await server.KillAsync();
            });
            await disk.RemountAsync();
        }

        Expect(run, data, "power cut under SQLite", cuts);
    }

    [Fact]
    public async Task Kill_9_of_PostgreSQL_loses_nothing_acknowledged()
    {
        var kills = Count("PERENNIAL_POSTGRES_KILLS");
        await using var cluster = await PostgresCluster.StartAsync(isDurable: true);
        await cluster.QueryAsync("postgres", "CREATE DATABASE fleet");
        using var run = await CrashRun.CreateAsync(_folder.FullName, cluster.ConnectionString("fleet"));
        await run.RoundsAsync(kills, async () =>
        {
            await cluster.KillAsync();
            await cluster.StartAsync();
        });

        var messages = await RowsAsync(cluster, "SELECT device || ' ' || convert_from(body, 'UTF8') FROM telemetry");
        run.Expect(messages, await RowsAsync(cluster, "SELECT key FROM registration"), await RowsAsync(cluster, "SELECT id FROM device"));
        run.Report("kill -9 of PostgreSQL", kills, messages.Length);
    }

    private static void Expect(CrashRun run, string folder, string title, int crashes)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "perennial.db")};Pooling=false");
        connection.Open();
        Assert.Equal("ok", connection.ExecuteScalar<string>("PRAGMA integrity_check"));
        var messages = connection.Query<string>("SELECT device || ' ' || CAST(body AS TEXT) FROM telemetry").AsList();
        run.Expect(
            messages,
            connection.Query<string>("SELECT key FROM registration").AsList(),
            connection.Query<string>("SELECT id FROM device").AsList());
        run.Report(title, crashes, messages.Count);
    }

    private static async Task<string[]> RowsAsync(PostgresCluster cluster, string sql) =>
        (await cluster.QueryAsync("fleet", sql)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static int Count(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var count) ? count : 3;
}
