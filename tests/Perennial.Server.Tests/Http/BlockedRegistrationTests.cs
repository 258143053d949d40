using System.Text.Json;
using MQTTnet.Protocol;
using Perennial.Protocol.Sas;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>The record of a device of a blocked group holds the block on hubs that ask no enrollment.</summary>
public sealed class BlockedRegistrationTests : IDisposable
{
    private const string Version = "api-version=2021-10-01";
    private const string HubVersion = "api-version=2021-04-12";

    private readonly TestAuthority _root = TestAuthority.CreateRoot("Root");

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task It_is_deleted_only_after_the_identity_with_a_credential_of_its_own_or_the_block_is_gone()
    {
        await using var instance = await StartAsync(isAzure: true);
        using var client = new ServiceClient(instance);
        using var hub = HubClient(instance);
        using var leaf = _root.IssueLeaf("dev-1");
        var endpoint = DeviceEndpoint.Of(instance.Instance);
        await (await PublishingDevice.ConnectAsync(endpoint, "dev-1", leaf)).DisposeAsync();
        await (await PublishingDevice.ConnectAsync(endpoint, "dev-2", _root.IssueLeaf("dev-2"))).DisposeAsync();
        await client.AskAsync(HttpMethod.Put, $"/blocks/group/line?{Version}", """{"reason":"stolen"}""");

        var (status, _, refused) = await client.AskAsync(HttpMethod.Delete, $"/registrations/dev-1?{Version}");
        Assert.Equal(409, status);
        Assert.Contains("enrollment group 'line' is blocked", refused.GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(endpoint, "dev-1", leaf));

        Assert.Equal(204, (await hub.AskAsync(HttpMethod.Delete, $"/devices/dev-1?{HubVersion}", null, ("If-Match", "*"))).Status);
        Assert.Equal(204, (await client.AskAsync(HttpMethod.Delete, $"/registrations/dev-1?{Version}")).Status);
        Assert.Equal(409, (await client.AskAsync(HttpMethod.Delete, $"/registrations/dev-2?{Version}")).Status);
        Assert.Equal(204, (await client.AskAsync(HttpMethod.Delete, $"/blocks/group/line?{Version}")).Status);
        Assert.Equal(204, (await client.AskAsync(HttpMethod.Delete, $"/registrations/dev-2?{Version}")).Status);
    }

    [Fact]
    public async Task It_is_deleted_at_once_where_the_hub_asks_the_enrollment()
    {
        await using var instance = await StartAsync(isAzure: false);
        using var client = new ServiceClient(instance);
        using var leaf = _root.IssueLeaf("dev-1");
        var endpoint = DeviceEndpoint.Of(instance.Instance);
        await (await PublishingDevice.ConnectAsync(endpoint, "dev-1", leaf)).DisposeAsync();
        await client.AskAsync(HttpMethod.Put, $"/blocks/group/line?{Version}", """{"reason":"stolen"}""");
        Assert.Equal(204, (await client.AskAsync(HttpMethod.Delete, $"/registrations/dev-1?{Version}")).Status);
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(endpoint, "dev-1", leaf));
    }

    private static ServiceClient HubClient(ServedInstance instance)
    {
        var policy = instance.Instance.Policies.OfHub(instance.Instance.Document.Hubs[0].Name)[0];
        return new ServiceClient(
            instance, token: SharedAccessSignature.Create("localhost", Convert.FromBase64String(policy.PrimaryKey), DateTimeOffset.MaxValue, policy.Name));
    }

    private async Task<ServedInstance> StartAsync(bool isAzure)
    {
        var instance = await ServedInstance.Open(TimeProvider.System, change: options => options with { AzureMode = isAzure }).StartAsync();
        using var client = new ServiceClient(instance);
        var group = JsonSerializer.Serialize(new
        {
            enrollmentGroupId = "line",
            attestation = new { type = "x509", x509 = new { signingCertificates = new { primary = new { certificate = _root.Own.CertificatePem } } } },
        });
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", group)).Status);
        return instance;
    }
}
