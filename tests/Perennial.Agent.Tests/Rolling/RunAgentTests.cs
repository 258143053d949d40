using System.Text.Json.Nodes;
using Perennial.Agent.Rolling;
using Perennial.Protocol.Rolling;

namespace Perennial.Agent.Tests.Rolling;

public sealed class RunAgentTests
{
    private const string Id = AgentBench.Id;

    [Fact]
    public async Task An_agent_that_runs_provisions_rolls_in_time_and_reports()
    {
        await using var bench = await AgentBench.StartAsync();
        bench.Service.Lifetime = TimeSpan.FromSeconds(6);
        await bench.WhileRunningAsync(async () =>
        {
            await bench.Service.WaitAsync(Id, known => known.Connected.Count == 4);
            await bench.Service.WaitAsync(Id, known => ReportedOf(known.Reported) == known.Connected[^1]);
        });
        Assert.Equal(1, bench.Service.Read(Id, known => known.Registrations));
        Assert.DoesNotContain("error", bench.Said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_in_the_desired_properties_is_rolled_in_at_once_when_it_is_open_and_only_once()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.WhileRunningAsync(async () =>
        {
            await bench.Service.WaitAsync(Id, known => ReportedOf(known.Reported) is not null);
            var now = TimeProvider.System.GetUtcNow();
            var window = new RollWindowDocument { NotBefore = now.AddMilliseconds(50), NotAfter = now.AddMilliseconds(500) };
            await bench.Service.DesireAsync(Id, window.ToCarrier());
            await bench.Service.WaitAsync(Id, known => known.Connected.Count == 2 && ReportedOf(known.Reported) == known.Connected[1]);
            bench.Service.Drop(Id);
            bench.Service.Change(Id, known => known.Reported.Clear());
            await bench.Service.WaitAsync(Id, known => ReportedOf(known.Reported) is not null); // it is back, and has read the window again
        });
        Assert.Equal(2, bench.Service.Read(Id, known => known.Issued.Count));
    }

    [Fact]
    public async Task A_window_that_is_taken_out_of_the_twin_is_forgotten_and_one_of_the_registration_is_not()
    {
        await using var bench = await AgentBench.StartAsync();
        var start = TimeProvider.System.GetUtcNow().AddDays(2);
        var (first, second) = (new RollWindowDocument { NotBefore = start, NotAfter = start.AddDays(1) }, new RollWindowDocument { NotBefore = start.AddDays(2), NotAfter = start.AddDays(3) });
        bench.Service.Change(Id, known => known.Payload = first.ToCarrier());
        await bench.ProvisionAsync();
        Assert.Equal((first.NotBefore, false), await GreetAsync(bench));
        bench.Service.Change(Id, known => known.Desired = second.ToCarrier());
        Assert.Equal((second.NotBefore, true), await GreetAsync(bench));
        bench.Service.Change(Id, known => known.Desired = []);
        Assert.Equal((null, false), await GreetAsync(bench));
    }

    [Fact]
    public async Task A_failed_attempt_is_reported_until_one_succeeds()
    {
        await using var bench = await AgentBench.StartAsync();
        bench.Service.Lifetime = TimeSpan.FromSeconds(8);
        await bench.WhileRunningAsync(async () =>
        {
            await bench.Service.WaitAsync(Id, known => ReportedOf(known.Reported) is not null);
            bench.Service.HubIssues = false;
            bench.Service.RegistrationFault = () => (400, null);
            await bench.Service.WaitAsync(Id, known => (string?)known.Reported[RollReportDocument.Member]?["state"] == RollReportDocument.Failed);
            var report = bench.Service.Read(Id, known => known.Reported[RollReportDocument.Member]!.DeepClone());
            Assert.Equal("refused", (string?)report["code"]);
            Assert.Contains("the provisioning service answers", (string?)report["message"], StringComparison.Ordinal);
            bench.Service.RegistrationFault = () => null;
            await bench.Service.WaitAsync(Id, known => (string?)known.Reported[RollReportDocument.Member]?["state"] == RollReportDocument.Succeeded);
        });
        Assert.Null(bench.Service.Read(Id, known => (string?)known.Reported[RollReportDocument.Member]!["message"]));
    }

    [Fact]
    public async Task The_method_is_followed_as_a_window_is_and_what_is_no_window_is_refused()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.WhileRunningAsync(async () =>
        {
            await bench.Service.WaitAsync(Id, known => known.Session is { TakesMethods: true } && ReportedOf(known.Reported) is not null);
            var now = TimeProvider.System.GetUtcNow();
            var window = new RollWindowDocument { NotBefore = now.AddMilliseconds(50), NotAfter = now.AddMilliseconds(500) };
            var session = bench.Service.Read(Id, known => known.Session!);
            Assert.Equal(400, await session.CallAsync("rollCertificate", """{"certificateRenewal":"now"}"""));
            Assert.Equal(404, await session.CallAsync("reboot", "null"));
            Assert.Equal(200, await session.CallAsync("rollCertificate", window.ToCarrier().ToJsonString()));
            await bench.Service.WaitAsync(Id, known => known.Connected.Count == 2 && ReportedOf(known.Reported) == known.Connected[1]);
        });
        Assert.Equal(2, bench.Service.Read(Id, known => known.Issued.Count));
    }

    [Fact]
    public async Task A_window_that_stays_in_the_twin_does_not_take_the_place_of_a_later_one_from_the_registration()
    {
        await using var bench = await AgentBench.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var (stale, next) = (new RollWindowDocument { NotBefore = now.AddDays(-2), NotAfter = now.AddDays(-1) }, new RollWindowDocument { NotBefore = now.AddDays(2), NotAfter = now.AddDays(3) });
        bench.Service.Change(Id, known => known.Desired = stale.ToCarrier());
        await bench.ProvisionAsync();
        bench.Service.HubIssues = false;
        bench.Service.Change(Id, known => known.Payload = next.ToCarrier());
        Assert.True(await bench.RollAsync());
        using var device = bench.Open();
        Assert.Equal((RollReason.Window, true), (device.Plan()!.Reason, device.Plan()!.At >= next.NotBefore));
    }

    [Fact]
    public async Task A_window_in_the_registration_is_remembered()
    {
        await using var bench = await AgentBench.StartAsync();
        var window = new RollWindowDocument { NotBefore = TimeProvider.System.GetUtcNow().AddDays(2), NotAfter = TimeProvider.System.GetUtcNow().AddDays(3) };
        bench.Service.Change(Id, known => known.Payload = window.ToCarrier());
        await bench.ProvisionAsync();
        using var device = bench.Open();
        Assert.InRange(device.Plan()!.At, window.NotBefore, window.NotAfter);
        Assert.Equal(RollReason.Window, device.Plan()!.Reason);
    }

    [Fact]
    public async Task A_dropped_connection_is_made_again()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.WhileRunningAsync(async () =>
        {
            for (var i = 0; i < 2; i++)
            {
                await bench.Service.WaitAsync(Id, known => known.Session is not null && ReportedOf(known.Reported) is not null);
                bench.Service.Change(Id, known => known.Reported.Clear());
                bench.Service.Drop(Id);
            }

            await bench.Service.WaitAsync(Id, known => ReportedOf(known.Reported) is not null);
        });
    }

    [Fact]
    public async Task An_agent_beside_another_program_leaves_the_connection_to_it_and_still_rolls_in_time()
    {
        await using var bench = await AgentBench.StartAsync();
        bench.Service.Lifetime = TimeSpan.FromSeconds(8);
        bench.Configuration = bench.Configuration with { Publish = new() { Directory = Path.Combine(bench.Folder, "tls") } };
        await bench.WhileRunningAsync(async () =>
        {
            await bench.Service.WaitAsync(Id, known => known.Connected.Count == 1 && known.Session is null);
            await bench.Service.WaitAsync(Id, known => known.Connected.Count == 2 && known.Session is null);
        });
        Assert.Contains("another program has the device's connection", bench.Said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hook_runs_once_for_each_certificate_and_again_after_it_failed()
    {
        await using var bench = await AgentBench.StartAsync();
        var (log, mark) = (Path.Combine(bench.Folder, "hook.log"), Path.Combine(bench.Folder, "works"));
        bench.Configuration = bench.Configuration with
        {
            Publish = new() { Directory = Path.Combine(bench.Folder, "tls") },
            Exec = $"openssl x509 -noout -fingerprint -sha256 -in $PERENNIAL_CERTIFICATE >> {log}; test -f {mark}",
        };
        Assert.False(await bench.ProvisionAsync());
        await File.WriteAllTextAsync(mark, string.Empty, TestContext.Current.CancellationToken);
        Assert.True(await bench.RollAsync(onlyIfDue: true));
        Assert.True(await bench.RollAsync(onlyIfDue: true));
        Assert.True(await bench.RollAsync());
        var issued = bench.Service.Read(Id, known => known.Issued.ToList());
        var seen = (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).Select(line => line.Split('=')[1].Replace(":", string.Empty, StringComparison.Ordinal));
        Assert.Equal([issued[0], issued[0], issued[1]], seen);
    }

    [Fact]
    public async Task A_rehearsal_uses_every_part_and_changes_nothing()
    {
        await using var bench = await AgentBench.StartAsync();
        var log = Path.Combine(bench.Folder, "hook.log");
        bench.Configuration = bench.Configuration with
        {
            Publish = new() { Directory = Path.Combine(bench.Folder, "tls") },
            Exec = $"echo $PERENNIAL_REHEARSAL >> {log}",
        };
        await bench.ProvisionAsync();
        Assert.True(await RehearseAsync(bench));
        Assert.Equal(["0", "1"], await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken));
        Assert.Equal(5, bench.Said.ToString().Split('\n').Count(line => line.Contains(" info ok: ", StringComparison.Ordinal)));
        Assert.Equal((1, 1), bench.Service.Read(Id, known => (known.Issued.Count, known.Connected.Count)));

        bench.Configuration = bench.Configuration with { Exec = "exit 3" };
        bench.Service.RetireAll(Id);
        Assert.False(await RehearseAsync(bench));
        Assert.Equal(3, bench.Said.ToString().Split('\n').Count(line => line.Contains(" error not ok: ", StringComparison.Ordinal)));
    }

    private static async Task<(DateTimeOffset? Start, bool IsOfTwin)> GreetAsync(AgentBench bench)
    {
        using var device = bench.Open();
        await using var connection = await new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken);
        await new GreetHub(device).ExecuteAsync(connection, TestContext.Current.CancellationToken);
        return (device.State.Window?.NotBefore, device.State.IsWindowOfTwin);
    }

    private static async Task<bool> RehearseAsync(AgentBench bench)
    {
        using var device = bench.Open();
        var before = device.State;
        var isSound = await new Rehearse(device).ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before, device.State);
        return isSound;
    }

    private static string? ReportedOf(JsonObject reported) => (string?)reported["certificate"]?["thumbprint"];
}
