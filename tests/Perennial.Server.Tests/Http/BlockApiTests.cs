using System.Text.Json;
using MQTTnet.Protocol;
using Perennial.Provisioning.Attestation;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Outages;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>After a breach exactly what was blocked stops working, live and new, and nothing else.</summary>
public sealed class BlockApiTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";
    private const string Why = """{"reason":"stolen"}""";
    private static readonly TimeSpan DropLimit = TimeSpan.FromSeconds(2);

    private readonly ServedInstance _instance = ServedInstance.Open(TimeProvider.System);
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Root");
    private readonly TestAuthority _stolen;
    private readonly TestAuthority _clean;

    public BlockApiTests()
    {
        _stolen = _root.CreateIntermediate("Stolen");
        _clean = _root.CreateIntermediate("Clean");
    }

    private DeviceEndpoint Endpoint => DeviceEndpoint.Of(_instance.Instance);

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        _root.Dispose();
        _stolen.Dispose();
        _clean.Dispose();
    }

    [Fact]
    public async Task A_blocked_device_is_dropped_and_refused_whatever_enrollment_would_take_it()
    {
        using var client = await StartAsync(_clean);
        using var leaf = _clean.IssueLeaf("dev-1");
        await using var device = await PublishingDevice.ConnectAsync(Endpoint, "dev-1", leaf);
        await using var other = await PublishingDevice.ConnectAsync(Endpoint, "dev-2", _clean.IssueLeaf("dev-2"));
        await device.WaitForAsync(1);
        Assert.Equal(1, Count(await BlockAsync(client, "device/dev-1", dryRun: true), "losesAtOnce"));

        await BlockAsync(client, "device/DEV-1");
        await device.WaitForEndAsync(DropLimit);
        await other.WaitForAsync(20);
        await AssertBlockedAsync(client, "dev-1", leaf);
        using var own = TestAuthority.CreateSelfSignedLeaf("dev-1");
        await client.AskAsync(HttpMethod.Put, $"/enrollments/dev-1?{Version}", ServiceClient.Enrollment("dev-1", own));
        await AssertBlockedAsync(client, "dev-1", own);

        Assert.Equal("stolen", Assert.Single((await client.AskAsync(HttpMethod.Get, $"/blocks?{Version}")).Body.EnumerateArray()).GetProperty("reason").GetString());
        Assert.Equal(204, (await client.AskAsync(HttpMethod.Delete, $"/blocks/device/dev-1?{Version}")).Status);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-1", own));
    }

    [Fact]
    public async Task A_blocked_certificate_stops_and_another_one_of_the_same_device_goes_on()
    {
        using var client = await StartAsync(_clean);
        using var lost = _clean.IssueLeaf("dev-1");
        using var kept = _clean.IssueLeaf("dev-1");
        await using var device = await PublishingDevice.ConnectAsync(Endpoint, "dev-1", lost);
        await device.WaitForAsync(1);

        await BlockAsync(client, $"certificate/{lost.Certificate.Thumbprint}");
        await device.WaitForEndAsync(DropLimit);
        await AssertBlockedAsync(client, "dev-1", lost);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-1", kept));
    }

    [Fact]
    public async Task A_blocked_issuer_takes_all_that_it_signed_along_and_nothing_beside_it()
    {
        using var client = await StartAsync(_stolen, _clean);
        await using var below = await PublishingDevice.ConnectAsync(Endpoint, "dev-1", _stolen.IssueLeaf("dev-1"));
        await using var beside = await PublishingDevice.ConnectAsync(Endpoint, "dev-2", _clean.IssueLeaf("dev-2"));
        using var pinned = _stolen.IssueLeaf("dev-3");
        await client.AskAsync(HttpMethod.Put, $"/enrollments/dev-3?{Version}", ServiceClient.Enrollment("dev-3", pinned));
        await using var own = await PublishingDevice.ConnectAsync(Endpoint, "dev-3", pinned);
        await below.WaitForAsync(1);
        var impact = await BlockAsync(client, $"issuer/{_stolen.Certificate.Thumbprint}", dryRun: true);
        Assert.Equal((2, 0), (Count(impact, "losesAtOnce"), Count(impact, "losesAtRegistration")));

        await BlockAsync(client, $"issuer/{_stolen.Certificate.Thumbprint}");
        await below.WaitForEndAsync(DropLimit);
        await own.WaitForEndAsync(DropLimit);
        await beside.WaitForAsync(20);
        using var minted = _stolen.IssueLeaf("dev-4");
        await AssertBlockedAsync(client, "dev-4", minted);
        await AssertBlockedAsync(client, "dev-3", pinned);
    }

    [Fact]
    public async Task What_is_no_block_is_refused()
    {
        using var client = await StartAsync(_clean);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Put, $"/blocks/group/g?{Version}", Why)).Status);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Put, $"/blocks/certificate/abc?{Version}", Why)).Status);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Put, $"/blocks/device/dev-1?{Version}", """{"reason":""}""")).Status);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Put, $"/blocks/issuer/{_root.Certificate.Thumbprint}?{Version}", Why)).Status);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Delete, $"/blocks/device/dev-1?{Version}")).Status);
    }

    private static int Count(JsonElement impact, string outcome) => impact.GetProperty("devices").GetProperty(outcome).GetInt32();

    private static async Task<JsonElement> BlockAsync(ServiceClient client, string what, bool dryRun = false)
    {
        var (status, _, body) = await client.AskAsync(HttpMethod.Put, $"/blocks/{what}?{(dryRun ? "dryRun=true&" : "")}{Version}", Why);
        Assert.Equal(200, status);
        return body;
    }

    private async Task<ServiceClient> StartAsync(TestAuthority primary, TestAuthority? secondary = null)
    {
        await _instance.StartAsync();
        var client = new ServiceClient(_instance);
        var group = JsonSerializer.Serialize(new
        {
            enrollmentGroupId = "line",
            attestation = new
            {
                type = "x509",
                x509 = new { signingCertificates = new { primary = Slot(primary), secondary = secondary is null ? null : Slot(secondary) } },
            },
        });
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", group)).Status);
        return client;
    }

    private static object Slot(TestAuthority authority) => new { certificate = authority.Own.CertificatePem };

    private async Task AssertBlockedAsync(ServiceClient client, string id, TestCertificate leaf)
    {
        await using (var provisioning = await TlsClient.ConnectAsync(Endpoint.TrustBundle, Endpoint.MqttPort, leaf))
        {
            Assert.Contains("/401/", (await provisioning.RegisterAsync(Endpoint.IdScope, id)).Topic, StringComparison.Ordinal);
        }

        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, id, leaf));
        var (_, _, sightings) = await client.AskAsync(HttpMethod.Get, $"/registrations/{id}/sightings?{Version}");
        Assert.Contains(
            sightings.EnumerateArray(),
            sighting => sighting.TryGetProperty("refusal", out var number) && number.GetInt32() == AttestationRefusals.Blocked.Number
                && sighting.GetProperty("path").GetString() == "provisioning");
    }
}
