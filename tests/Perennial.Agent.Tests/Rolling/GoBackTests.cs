using System.Text.Json.Nodes;
using Perennial.Agent.Credentials;
using Perennial.Agent.Rolling;
using Perennial.Protocol.Rolling;

namespace Perennial.Agent.Tests.Rolling;

/// <summary>The wish that the device goes back to the certificate before, as services tell it that are in order and ones that are not.</summary>
public sealed class GoBackTests
{
    private const string Id = AgentBench.Id;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_that_is_told_to_go_back_uses_the_certificate_before_and_keeps_the_newer_one(bool byMethod)
    {
        await using var bench = await AgentBench.StartAsync();
        bench.Service.HubKeepsOld = true;
        await bench.ProvisionAsync();
        Assert.True(await bench.RollAsync());
        var issued = bench.Service.Read(Id, known => known.Issued.ToList());
        await bench.WhileRunningAsync(async () =>
        {
            await bench.Service.WaitAsync(Id, known => known.Session is not null && ReportedOf(known.Reported) == issued[1]);
            var now = TimeProvider.System.GetUtcNow();
            var window = new RollWindowDocument { NotBefore = now.AddMilliseconds(-100), NotAfter = now.AddMilliseconds(50) };
            if (byMethod)
            {
                await bench.Service.WaitAsync(Id, known => known.Session is { TakesMethods: true });
                Assert.Equal(400, await bench.Service.Read(Id, known => known.Session)!.CallAsync("rollBackCertificate", "{}"));
                Assert.Equal(200, await bench.Service.Read(Id, known => known.Session)!.CallAsync("rollBackCertificate", window.ToBackCarrier().ToJsonString()));
            }
            else
            {
                await bench.Service.DesireAsync(Id, window.ToBackCarrier());
            }

            await bench.Service.WaitAsync(Id, known => ReportedOf(known.Reported) == issued[0]);
            bench.Service.Drop(Id);
            bench.Service.Change(Id, known => known.Reported.Clear());
            await bench.Service.WaitAsync(Id, known => ReportedOf(known.Reported) == issued[0]); // it is back, and was told the same again
        });
        Assert.Equal([issued[0], issued[1], issued[0]], bench.Service.Read(Id, known => known.Connected.ToList()));
        using var device = bench.Open();
        Assert.Equal((issued[0], issued[1]), (device.Credentials.Current!.Thumbprint, device.Credentials.Previous!.Thumbprint));
    }

    [Fact]
    public async Task A_device_whose_certificate_before_is_refused_asks_once_for_another_one_and_keeps_its_own_until_that_is_accepted()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        Assert.True(await bench.RollAsync());
        await bench.WhileRunningAsync(async () =>
        {
            await bench.Service.WaitAsync(Id, known => known.Session is not null && ReportedOf(known.Reported) == known.Issued[1]);
            var now = TimeProvider.System.GetUtcNow();
            await bench.Service.DesireAsync(Id, new RollWindowDocument { NotBefore = now, NotAfter = now }.ToBackCarrier());
            await bench.Service.WaitAsync(Id, known => known.Connected.Count == 3 && ReportedOf(known.Reported) == known.Connected[2]);
            bench.Service.Drop(Id);
            bench.Service.Change(Id, known => known.Reported.Clear());
            await bench.Service.WaitAsync(Id, known => ReportedOf(known.Reported) == known.Connected[2]);
        });
        Assert.Equal(3, bench.Service.Read(Id, known => known.Issued.Count));
    }

    [Fact]
    public async Task A_wish_to_go_back_that_is_taken_out_of_the_twin_is_forgotten()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        var start = TimeProvider.System.GetUtcNow().AddDays(2);
        bench.Service.Change(Id, known => known.Desired = new RollWindowDocument { NotBefore = start, NotAfter = start }.ToBackCarrier());
        await GreetAsync(bench);
        using (var told = bench.Open())
        {
            Assert.Equal(start, told.BackAt);
        }

        bench.Service.Change(Id, known => known.Desired = []);
        await GreetAsync(bench);
        using var device = bench.Open();
        Assert.Null(device.BackAt);
    }

    [Fact]
    public async Task A_method_that_is_called_again_after_it_was_followed_brings_the_newer_certificate_not_back()
    {
        await using var bench = await StartRolledAsync();
        var issued = bench.Service.Read(Id, known => known.Issued.ToList());
        await bench.WhileRunningAsync(async () =>
        {
            var window = Past(TimeSpan.FromMinutes(1)).ToBackCarrier().ToJsonString();
            await CallAsync(bench, issued[1], window, 200);
            await CallAsync(bench, issued[0], window, 200);
            await CallAsync(bench, issued[0], "{}", 400); // what was called before it has been dealt with
        });
        Assert.Equal([issued[0], issued[1], issued[0]], bench.Service.Read(Id, known => known.Connected.ToList()));
    }

    [Fact]
    public async Task Wishes_that_change_are_not_followed_one_upon_the_other()
    {
        await using var bench = await StartRolledAsync();
        var issued = bench.Service.Read(Id, known => known.Issued.ToList());
        await bench.WhileRunningAsync(async () =>
        {
            for (var minutes = 9; minutes > 3; minutes--)
            {
                await CallAsync(bench, minutes == 9 ? issued[1] : issued[0], Past(TimeSpan.FromMinutes(minutes)).ToBackCarrier().ToJsonString(), 200);
            }
        });
        Assert.Equal([issued[0], issued[1], issued[0]], bench.Service.Read(Id, known => known.Connected.ToList()));
        using var device = bench.Open();
        Assert.True(device.BackAt < device.Now);
    }

    [Fact]
    public async Task A_wish_of_the_twin_that_was_followed_does_not_come_up_again_after_another_one_by_a_method()
    {
        await using var bench = await StartRolledAsync();
        var (first, second) = (Past(TimeSpan.FromHours(2)), Past(TimeSpan.FromHours(1)));
        bench.Service.Change(Id, known => known.Desired = first.ToBackCarrier());
        await GreetAsync(bench);
        using (var device = bench.Open())
        {
            Assert.Equal(new RollBack { Window = RollWindow.From(first) }, device.State.Back);
            device.Journal.Write(state => state with { Back = new() { Window = RollWindow.From(second), IsDone = true } });
        }

        await GreetAsync(bench);
        using (var device = bench.Open())
        {
            Assert.Equal(new RollBack { Window = RollWindow.From(second), IsDone = true }, device.State.Back);
        }

        bench.Service.Change(Id, known => known.Desired = []);
        await GreetAsync(bench);
        using var told = bench.Open();
        Assert.NotNull(told.State.Back); // it was not the twin's
        Assert.Null(told.State.BackOfTwin);
    }

    [Fact]
    public async Task A_certificate_before_that_is_drained_is_none_to_go_back_to()
    {
        await using var bench = await StartRolledAsync();
        bench.Service.Change(Id, known => known.Drained.Add(known.Issued[0]));
        await bench.WhileRunningAsync(async () =>
        {
            await bench.Service.WaitAsync(Id, known => known.Session is not null && ReportedOf(known.Reported) == known.Issued[1]);
            await bench.Service.DesireAsync(Id, Past(TimeSpan.FromMinutes(1)).ToBackCarrier());
            await bench.Service.WaitAsync(Id, known => known.Issued.Count == 3 && ReportedOf(known.Reported) == known.Issued[2]);
        });
        Assert.Contains("the hub does not serve; another one is asked for", bench.Said.ToString(), StringComparison.Ordinal);
        using var device = bench.Open();
        Assert.Equal(bench.Service.Read(Id, known => known.Issued[1]), device.Credentials.Previous!.Thumbprint);
    }

    [Fact]
    public async Task A_hub_that_puts_off_the_certificate_before_does_not_lose_the_device_its_connection()
    {
        await using var bench = await StartRolledAsync();
        bench.Service.Change(Id, known => known.PutOff.Add(known.Issued[0]));
        await bench.WhileRunningAsync(async () =>
        {
            await bench.Service.WaitAsync(Id, known => known.Session is { TakesMethods: true } && ReportedOf(known.Reported) == known.Issued[1]);
            var session = bench.Service.Read(Id, known => known.Session!);
            Assert.Equal(200, await session.CallAsync("rollBackCertificate", Past(TimeSpan.FromMinutes(1)).ToBackCarrier().ToJsonString()));
            Assert.Equal(404, await session.CallAsync("reboot", "null")); // it has tried, and is still there
            Assert.Same(session, bench.Service.Read(Id, known => known.Session));
        });
        Assert.Contains("Not back at the certificate before yet", bench.Said.ToString(), StringComparison.Ordinal);
        using var device = bench.Open();
        Assert.NotNull(device.BackAt);
        Assert.Equal(2, bench.Service.Read(Id, known => known.Issued.Count));
    }

    [Fact]
    public async Task A_device_whose_certificate_is_drained_waits_as_long_as_it_is_told_though_a_wish_to_go_back_is_open()
    {
        await using var bench = await StartRolledAsync();
        Drain(bench, TimeSpan.FromHours(2), Past(TimeSpan.FromMinutes(1)));
        var clock = new WaitingClock(TimeSpan.FromMinutes(30));
        await bench.WhileRunningAsync(() => clock.Waits.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken), clock);
    }

    [Fact]
    public async Task A_device_whose_certificate_is_drained_rolls_once_though_it_was_told_to_roll_soon()
    {
        await using var bench = await StartRolledAsync();
        Drain(bench, TimeSpan.FromSeconds(1), back: null);
        await bench.WhileRunningAsync(async agent =>
        {
            agent.RollSoon();
            await bench.Service.WaitAsync(Id, known => known.Issued.Count > 2 && known.Session is { TakesMethods: true } && ReportedOf(known.Reported) == known.Issued[2]);
            Assert.Equal(404, await bench.Service.Read(Id, known => known.Session!).CallAsync("reboot", "null"));
        });
        Assert.Equal(3, bench.Service.Read(Id, known => known.Issued.Count));
    }

    [Theory]
    [InlineData("9999-12-31T20:00:00+14:00", "9999-12-31T23:59:59Z", true)]
    [InlineData("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", true)]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", true)]
    [InlineData("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", false)]
    [InlineData("0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00Z", false)]
    [InlineData("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59-14:00", false)]
    public async Task Odd_windows_are_borne(string notBefore, string notAfter, bool isWindow)
    {
        await using var bench = await StartRolledAsync();
        bench.Service.Change(Id, known => known.Desired = new() { ["certificateRollBack"] = new JsonObject { ["notBefore"] = notBefore, ["notAfter"] = notAfter } });
        await GreetAsync(bench);
        using var device = bench.Open();
        Assert.Equal(isWindow, device.BackAt is not null);
        Assert.NotNull(device.Plan());
    }

    [Fact]
    public async Task A_wish_that_comes_during_a_roll_waits_for_the_end_of_it()
    {
        await using var bench = await StartRolledAsync();
        using var device = bench.Open();
        device.Journal.Write(state => state with { Back = new() { Window = RollWindow.From(Past(TimeSpan.FromMinutes(1))) } });
        Assert.NotNull(device.BackAt);
        device.Journal.Write(set => set.Begin("r", mayDropPrevious: true));
        Assert.Null(device.BackAt);
    }

    private static async Task<AgentBench> StartRolledAsync()
    {
        var bench = await AgentBench.StartAsync();
        bench.Service.HubKeepsOld = true;
        await bench.ProvisionAsync();
        Assert.True(await bench.RollAsync());
        return bench;
    }

    private static void Drain(AgentBench bench, TimeSpan wait, RollWindowDocument? back)
    {
        using var device = bench.Open();
        device.Journal.Write(state => state with
        {
            Back = back is null ? null : new() { Window = RollWindow.From(back) },
            Attempts = new() { Failures = 1, LastFailure = device.Now, RetryAt = device.Now + wait },
        });
        bench.Service.Change(Id, known => known.Drained.Add(known.Issued[1]));
    }

    private static RollWindowDocument Past(TimeSpan ago)
    {
        var at = TimeProvider.System.GetUtcNow() - ago;
        return new() { NotBefore = at, NotAfter = at };
    }

    private static async Task CallAsync(AgentBench bench, string leaf, string payload, int status)
    {
        await bench.Service.WaitAsync(Id, known => known.Session is { TakesMethods: true } && ReportedOf(known.Reported) == leaf);
        Assert.Equal(status, await bench.Service.Read(Id, known => known.Session!).CallAsync("rollBackCertificate", payload));
    }

    private static async Task GreetAsync(AgentBench bench)
    {
        using var device = bench.Open();
        await using var connection = await new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken);
        await new GreetHub(device).ExecuteAsync(connection, TestContext.Current.CancellationToken);
    }

    private static string? ReportedOf(JsonObject reported) => (string?)reported["certificate"]?["thumbprint"];
}
