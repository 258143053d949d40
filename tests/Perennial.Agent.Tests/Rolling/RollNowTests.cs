using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;
using Perennial.Agent.Rolling;

namespace Perennial.Agent.Tests.Rolling;

public sealed class RollNowTests
{
    private const string Id = AgentBench.Id;

    [Fact]
    public async Task A_new_device_is_provisioned_with_its_factory_certificate()
    {
        await using var bench = await AgentBench.StartAsync();
        Assert.True(await bench.ProvisionAsync());
        using var device = bench.Open();
        var current = device.Credentials.Current;
        Assert.NotNull(current);
        Assert.Equal(bench.Service.Read(Id, known => known.Connected), [current.Thumbprint]);
        Assert.Equal(("localhost", Id), (device.State.Hub, device.State.DeviceId));
        Assert.Null(device.Credentials.Candidate);
    }

    [Fact]
    public async Task A_roll_asks_the_hub_tests_live_and_then_promotes()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        Assert.True(await bench.RollAsync());
        var (registrations, issued, connected, accepted) = bench.Service.Read(Id, known => (known.Registrations, known.Issued, known.Connected, known.Accepted));
        Assert.Equal((1, 2), (registrations, issued.Count)); // the second one came over the connection to the hub
        Assert.Equal(issued, connected);
        Assert.Equal([issued[1]], accepted);
        using var device = bench.Open();
        Assert.Equal((issued[1], issued[0]), (device.Credentials.Current!.Thumbprint, device.Credentials.Previous!.Thumbprint));
    }

    [Fact]
    public async Task Ten_rolls_alternate_between_two_places()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(await bench.RollAsync());
        }

        Assert.Equal(11, bench.Service.Read(Id, known => known.Connected.Count));
        Assert.Equal(["a.csr", "a.key", "a.pem", "b.csr", "b.key", "b.pem"], Directory.EnumerateFiles(Path.Combine(bench.Configuration.State, "slots")).Select(Path.GetFileName).Order());
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(bench.Configuration.State, "slots"), "*.key"),
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
    }

    [Fact]
    public async Task A_hub_that_issues_nothing_sends_the_device_to_provisioning()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        bench.Service.HubIssues = false;
        Assert.True(await bench.RollAsync());
        Assert.Equal((2, 2), bench.Service.Read(Id, known => (known.Registrations, known.Connected.Count)));
    }

    [Fact]
    public async Task Nothing_is_done_when_nothing_is_due()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        Assert.True(await bench.RollAsync(onlyIfDue: true));
        Assert.Equal(1, bench.Service.Read(Id, known => known.Issued.Count));
        Assert.Contains("Nothing is due before", bench.Said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_with_a_symmetric_key_is_provisioned_and_rolls()
    {
        await using var bench = await AgentBench.StartAsync();
        var key = Enumerable.Range(1, 32).Select(i => (byte)i).ToArray();
        var path = Path.Combine(bench.Folder, "symmetric.key");
        Servers.LittleCloud.WriteSecret(path, Convert.ToBase64String(key));
        bench.Service.Change(Id, known => (known.SymmetricKey, known.Factory) = (key, null));
        bench.Configuration = bench.Configuration with { Onboarding = new() { SymmetricKeyFile = path } };
        Assert.True(await bench.ProvisionAsync());
        Assert.True(await bench.RollAsync());
        Assert.Equal(2, bench.Service.Read(Id, known => known.Connected.Count));
    }

    [Fact]
    public async Task A_candidate_that_the_hub_refuses_is_given_up_at_its_time_and_the_device_keeps_working()
    {
        await using var bench = await AgentBench.StartAsync();
        bench.Configuration = bench.Configuration with { Roll = bench.Configuration.Roll with { TestLimitSeconds = 2 } };
        await bench.ProvisionAsync();
        bench.Service.HubAcceptsNew = false;
        var failure = await Assert.ThrowsAsync<ExchangeException>(() => bench.RollAsync());
        Assert.Equal(FailureKind.Unauthorized, failure.Kind);
        using (var device = bench.Open())
        {
            Assert.Null(device.Credentials.Candidate);
            Assert.Equal(1, device.State.Attempts.Failures);
            Assert.NotNull(await new OpenHub(device).ExecuteAsync(TestContext.Current.CancellationToken));
        }

        bench.Service.HubAcceptsNew = true;
        Assert.True(await bench.RollAsync());
    }

    [Fact]
    public async Task A_certificate_for_another_key_is_not_used()
    {
        await using var bench = await AgentBench.StartAsync();
        await bench.ProvisionAsync();
        using var other = System.Security.Cryptography.ECDsa.Create();
        var foreign = bench.Service.Issue(Id, SigningRequest.Write(Id, other));
        bench.Service.IssueFault = () => (200, $$"""{"correlationId":"c","certificates":["{{foreign[0]}}"]}""");
        var failure = await Assert.ThrowsAsync<ExchangeException>(() => bench.RollAsync());
        Assert.Contains("another key", failure.Message, StringComparison.Ordinal);
        using var device = bench.Open();
        Assert.Equal(CandidateStep.Requested, device.Credentials.Candidate!.Step);
    }

    [Fact]
    public async Task An_untrusted_server_learns_nothing_and_the_device_says_why()
    {
        await using var bench = await AgentBench.StartAsync();
        using var other = TestCertificates.TestAuthority.CreateRoot("Other");
        await File.WriteAllTextAsync(bench.Configuration.TrustBundle, other.Own.CertificatePem, TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<ExchangeException>(() => bench.ProvisionAsync());
        Assert.Equal(FailureKind.Untrusted, failure.Kind);
        Assert.Contains("does not chain to the trust bundle", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Service.Read(Id, known => known.Registrations));
    }
}
