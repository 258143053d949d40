using Microsoft.Extensions.Time.Testing;
using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;
using Perennial.Agent.Rolling;

namespace Perennial.Agent.Tests.Rolling;

public sealed class ReachHubTests
{
    private const string Id = AgentBench.Id;

    [Fact]
    public async Task A_device_that_the_hub_refuses_registers_again_with_its_certificate()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        var current = bench.Service.Read(Id, known => known.Issued[0]);
        bench.Service.Change(Id, known => (known.Factory, known.Payload) = (null, null));

        // As in Azure mode: the hub learns the leaf when the device registers.
        bench.Service.HubAcceptsNew = false;
        bench.Service.Change(Id, known => known.Connected.Clear());
        bench.Service.RegistrationFault = () =>
        {
            bench.Service.HubAcceptsNew = true;
            return null;
        };
        using var device = bench.Open();
        await using var connection = await new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(current, device.Credentials.Current!.Thumbprint);
        Assert.Equal(2, bench.Service.Read(Id, known => known.Registrations));
    }

    [Fact]
    public async Task A_device_whose_certificates_are_all_refused_comes_back_by_its_factory_certificate()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        bench.Service.RetireAll(Id);
        using var device = bench.Open();
        await using var connection = await new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(bench.Service.Read(Id, known => known.Issued[1]), device.Credentials.Current!.Thumbprint);
        Assert.Contains("the onboarding credential is used", bench.Said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_last_resort_nothing_is_dropped_while_everything_is_refused()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        await bench.RollAsync();
        bench.Configuration = bench.Configuration with { Onboarding = bench.Configuration.Onboarding! with { LastResort = false } };
        var accepted = bench.Service.Read(Id, known => known.Accepted.ToList());
        bench.Service.RetireAll(Id);
        CredentialSet before;
        using (var device = bench.Open())
        {
            before = device.Credentials;
            var failure = await Assert.ThrowsAsync<ExchangeException>(() => new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken));
            Assert.Equal(FailureKind.Unauthorized, failure.Kind);
            Assert.Equal(before, device.Credentials);
        }

        bench.Service.Change(Id, known => known.Accepted.UnionWith(accepted)); // the operator lets it in again
        using (var device = bench.Open())
        {
            await using var connection = await new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken);
            Assert.Equal(before, device.Credentials);
        }
    }

    [Fact]
    public async Task A_candidate_that_all_refuse_keeps_its_key_and_is_asked_a_certificate_for_again()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        bench.Service.HubAcceptsNew = false;
        bench.Configuration = bench.Configuration with { Roll = bench.Configuration.Roll with { TestLimitSeconds = 86400 } };
        using (var stop = new CancellationTokenSource())
        using (var device = bench.Open())
        {
            await using var live = await new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken);
            var rolling = new RollCertificate(device).ExecuteAsync(live, stop.Token);
            await bench.Service.WaitAsync(Id, known => known.Issued.Count == 2);
            while (device.Credentials.Candidate?.Step != CandidateStep.Testing)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rolling);
        }

        bench.Service.HubAcceptsNew = true;
        bench.Service.RetireAll(Id);
        using (var device = bench.Open())
        {
            var key = await File.ReadAllTextAsync(Path.Combine(bench.Configuration.State, "slots", "b.key"), TestContext.Current.CancellationToken);
            await using var connection = await new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken);
            Assert.Equal(key, await File.ReadAllTextAsync(Path.Combine(bench.Configuration.State, "slots", "b.key"), TestContext.Current.CancellationToken));
            Assert.Equal(bench.Service.Read(Id, known => known.Issued[2]), device.Credentials.Current!.Thumbprint);
        }
    }

    [Fact]
    public async Task A_service_that_asks_to_wait_is_left_alone_until_then()
    {
        await using var bench = await AgentBench.StartAsync();
        var asked = 0;
        bench.Service.RegistrationFault = () =>
        {
            asked++;
            return (429, 3600);
        };
        var failure = await Assert.ThrowsAsync<ExchangeException>(() => bench.ProvisionAsync());
        Assert.Equal((FailureKind.Throttled, TimeSpan.FromHours(1)), (failure.Kind, failure.RetryAfter));
        Assert.False(await bench.RollAsync());
        Assert.Equal(1, asked);
        bench.Service.RegistrationFault = () => null;
        Assert.True(await bench.RollAsync(time: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(61)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) }));
    }

    [Fact]
    public async Task A_hub_that_asks_to_wait_is_obeyed_by_the_planner()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        bench.Service.IssueFault = () => (429, """{"errorCode":429002,"message":"throttled","trackingId":"t","timestampUtc":"2026-01-01T00:00:00Z","retryAfter":7200}""");
        await Assert.ThrowsAsync<ExchangeException>(() => bench.RollAsync());
        using var device = bench.Open();
        Assert.InRange(device.Plan()!.At, device.Now.AddMinutes(115), device.Now.AddMinutes(365));
        Assert.Equal(1, bench.Service.Read(Id, known => known.Registrations)); // 429 is no reason to go to another door
    }

    [Theory]
    [InlineData(-4000)]
    [InlineData(4000)]
    public async Task A_device_with_a_wrong_clock_hears_the_time_from_the_service_and_is_provisioned(int days)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var bench = await AgentBench.StartAsync(
            new() { NotBefore = now.AddDays(-1), NotAfter = now.AddDays(30), DnsNames = ["localhost"], Purposes = [X509.ChainPolicyOptions.ServerAuthentication] });
        Assert.True(await bench.RollAsync(time: AgentBench.ClockAt(TimeSpan.FromDays(days))));
        Assert.Single(bench.Service.Read(Id, known => known.Connected));
        if (days > 0)
        {
            Assert.Contains("clock is wrong by", bench.Said.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_clock_that_runs_ahead_does_not_have_certificates_rolled_as_they_come()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        Assert.True(await bench.RollAsync(onlyIfDue: true, time: AgentBench.ClockAt(TimeSpan.FromDays(29)))); // a third of it would be long over
        Assert.Single(bench.Service.Read(Id, known => known.Issued));
        Assert.Contains("clock is wrong by", bench.Said.ToString(), StringComparison.Ordinal);
        Assert.Contains("Nothing is due before", bench.Said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_certificate_has_expired_is_not_believed_by_a_device_with_a_right_clock()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var bench = await AgentBench.StartAsync(
            new() { NotBefore = now.AddDays(-30), NotAfter = now.AddDays(-1), DnsNames = ["localhost"], Purposes = [X509.ChainPolicyOptions.ServerAuthentication] });
        var failure = await Assert.ThrowsAsync<ExchangeException>(() => bench.ProvisionAsync());
        Assert.Equal(FailureKind.OutOfTime, failure.Kind);
    }

    [Fact]
    public async Task A_certificate_that_is_not_yet_valid_by_the_clock_is_used()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        using (var device = bench.Open())
        {
            device.Journal.Write(state => state with { LastGoodTime = null });
        }

        // The clock starts from the day of the build, before the certificate was made.
        using (var device = bench.Open(AgentBench.ClockAt(TimeSpan.FromDays(-4000))))
        {
            await using var connection = await new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_expired_certificate_is_rolled_by_a_service_that_allows_it()
    {
        await using var bench = await AgentBench.StartAsync();
        bench.Service.Lifetime = TimeSpan.FromSeconds(4);
        await bench.ProvisionAsync();
        bench.Configuration = bench.Configuration with { Onboarding = bench.Configuration.Onboarding! with { LastResort = false } };
        bench.Service.Lifetime = TimeSpan.FromDays(30);
        using var device = bench.Open();
        while (device.Now <= device.Credentials.Current!.NotAfter)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await using var connection = await new ReachHub(device).ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, bench.Service.Read(Id, known => known.Connected.Count));
    }
}
