using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Sas;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>What a hub tells of a change of an identity with <c>dryRun=true</c>, before anything is changed.</summary>
public sealed class IdentityImpactApiTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-04-12";
    private const string Provisioning = "api-version=2021-10-01";
    private static readonly TimeSpan DropLimit = TimeSpan.FromSeconds(2);

    private readonly TestAuthority _root = TestAuthority.CreateRoot("Root");

    public ValueTask DisposeAsync()
    {
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_device_that_would_lose_access_is_told_and_nothing_is_changed()
    {
        await using var instance = await StartAsync();
        using var hub = HubClient(instance);
        await using var device = await ConnectAsync(instance, "dev-1");
        await using var other = await ConnectAsync(instance, "dev-2");
        await device.WaitForAsync(1);

        var stored = await ShownAsync(hub, "dev-1");
        var unchanged = await PutAsync(hub, stored);
        Assert.Equal((1, 0), (Count(unchanged, "keeps"), unchanged.GetProperty("losing").GetInt32()));
        stored["status"] = "disabled";
        var disabled = await PutAsync(hub, stored);
        Assert.Equal((1, 1), (Count(disabled, "losesAtOnce"), disabled.GetProperty("losing").GetInt32()));
        Assert.Equal(HubRefusals.DeviceDisabled.Number, Assert.Single(disabled.GetProperty("reasons").EnumerateArray()).GetProperty("refusal").GetInt32());
        stored["status"] = "enabled";
        stored["authentication"] = new JsonObject { ["type"] = "selfSigned", ["x509Thumbprint"] = new JsonObject { ["primaryThumbprint"] = new string('A', 64) } };
        Assert.Equal(1, Count(await PutAsync(hub, stored), "losesAtOnce"));

        var (status, _, deleted) = await hub.AskAsync(HttpMethod.Delete, $"/devices/dev-1?dryRun=true&{Version}", null, ("If-Match", "*"));
        Assert.Equal((200, 1), (status, Count(deleted, "losesAtOnce")));
        Assert.Equal("delete the identity of the device 'dev-1' of the hub 'localhost'", deleted.GetProperty("change").GetString());
        var bulk = """[{"id":"dev-1","importMode":"delete"},{"id":"dev-2","importMode":"update","status":"disabled","authentication":{"type":"certificateAuthority"}}]""";
        Assert.Equal(2, Count((await hub.AskAsync(HttpMethod.Post, $"/devices?dryRun=true&{Version}", bulk)).Body, "losesAtOnce"));
        var (_, _, listed) = await hub.AskAsync(HttpMethod.Post, $"/devices?dryRun=true&list=losesAtOnce&{Version}", bulk);
        Assert.Equal(["dev-1", "dev-2"], listed.EnumerateArray().Select(one => one.GetProperty("registrationId").GetString()));

        Assert.Equal("enabled", (string?)(await ShownAsync(hub, "dev-1"))["status"]);
        await device.WaitForAsync(1);
        await other.WaitForAsync(1);
        Assert.Equal(204, (await hub.AskAsync(HttpMethod.Delete, $"/devices/dev-1?{Version}", null, ("If-Match", "*"))).Status);
        await device.WaitForEndAsync(DropLimit);
    }

    [Fact]
    public async Task A_change_that_would_not_be_made_is_refused_as_it_would_be()
    {
        await using var instance = await StartAsync();
        using var hub = HubClient(instance);
        await hub.AskAsync(HttpMethod.Put, $"/devices/lone?{Version}", """{"deviceId":"lone"}""");
        Assert.Equal(409, (await hub.AskAsync(HttpMethod.Put, $"/devices/lone?dryRun=true&{Version}", """{"deviceId":"lone"}""")).Status);
        Assert.Equal(412, (await hub.AskAsync(HttpMethod.Put, $"/devices/lone?dryRun=true&{Version}", """{"deviceId":"lone"}""", ("If-Match", "\"stale\""))).Status);
        Assert.Equal(404, (await hub.AskAsync(HttpMethod.Delete, $"/devices/nobody?dryRun=true&{Version}", null, ("If-Match", "*"))).Status);
        Assert.Equal(400, (await hub.AskAsync(HttpMethod.Delete, $"/devices/lone?dryRun=true&list=everybody&{Version}", null, ("If-Match", "*"))).Status);
        Assert.Equal(400, (await hub.AskAsync(HttpMethod.Post, $"/devices?dryRun=true&{Version}", """[{"id":"nobody","importMode":"delete"}]""")).Status);

        Assert.Equal(1, Count((await hub.AskAsync(HttpMethod.Delete, $"/devices/lone?dryRun=true&{Version}", null, ("If-Match", "*"))).Body, "unknown"));
        Assert.Equal(1, Count((await hub.AskAsync(HttpMethod.Put, $"/devices/new?dryRun=true&{Version}", """{"deviceId":"new"}""")).Body, "unknown"));
        Assert.Equal(404, (await hub.AskAsync(HttpMethod.Get, $"/devices/new?{Version}")).Status);
        await hub.AskAsync(HttpMethod.Put, $"/devices/lone/modules/m?{Version}", """{"deviceId":"lone","moduleId":"m"}""");
        Assert.Equal(1, Count((await hub.AskAsync(HttpMethod.Delete, $"/devices/lone/modules/m?dryRun=true&{Version}", null, ("If-Match", "*"))).Body, "unknown"));
        Assert.Equal(200, (await hub.AskAsync(HttpMethod.Get, $"/devices/lone/modules/m?{Version}")).Status);
    }

    [Theory]
    [InlineData("device/dev-1")]
    [InlineData("group/line")]
    [InlineData("issuer/")]
    public async Task A_hub_that_asks_no_enrollment_cuts_off_what_is_blocked_and_that_was_foretold(string what)
    {
        await using var instance = await StartAsync(isAzure: true);
        using var client = new ServiceClient(instance);
        await using var device = await ConnectAsync(instance, "dev-1");
        await device.WaitForAsync(1);
        var blocked = what.EndsWith('/') ? $"{what}{_root.Certificate.Thumbprint}" : what;
        var (status, _, impact) = await client.AskAsync(HttpMethod.Put, $"/blocks/{blocked}?dryRun=true&{Provisioning}", """{"reason":"stolen"}""");
        Assert.Equal((200, 1, 0), (status, Count(impact, "losesAtOnce"), Count(impact, "losesAtRegistration")));
        Assert.Equal(1, Count((await client.AskAsync(HttpMethod.Delete, $"/enrollmentGroups/line?dryRun=true&{Provisioning}")).Body, "losesAtRegistration"));

        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/blocks/{blocked}?{Provisioning}", """{"reason":"stolen"}""")).Status);
        await device.WaitForEndAsync(DropLimit);
    }

    private static int Count(JsonElement impact, string outcome) => impact.GetProperty("devices").GetProperty(outcome).GetInt32();

    private static async Task<JsonObject> ShownAsync(ServiceClient hub, string id) =>
        JsonNode.Parse((await hub.AskAsync(HttpMethod.Get, $"/devices/{id}?{Version}")).Body.GetRawText())!.AsObject();

    private static async Task<JsonElement> PutAsync(ServiceClient hub, JsonObject identity)
    {
        var (status, _, impact) = await hub.AskAsync(
            HttpMethod.Put, $"/devices/{identity["deviceId"]}?dryRun=true&{Version}", identity.ToJsonString(), ("If-Match", $"\"{identity["etag"]}\""));
        Assert.Equal(200, status);
        return impact;
    }

    private static ServiceClient HubClient(ServedInstance instance)
    {
        var policy = instance.Instance.Policies.OfHub(instance.Instance.Document.Hubs[0].Name)[0];
        return new ServiceClient(
            instance, token: SharedAccessSignature.Create("localhost", Convert.FromBase64String(policy.PrimaryKey), DateTimeOffset.MaxValue, policy.Name));
    }

    private Task<PublishingDevice> ConnectAsync(ServedInstance instance, string id) =>
        PublishingDevice.ConnectAsync(DeviceEndpoint.Of(instance.Instance), id, _root.IssueLeaf(id));

    private async Task<ServedInstance> StartAsync(bool isAzure = false)
    {
        var instance = await ServedInstance.Open(TimeProvider.System, change: options => options with { AzureMode = isAzure }).StartAsync();
        using var client = new ServiceClient(instance);
        var group = JsonSerializer.Serialize(new
        {
            enrollmentGroupId = "line",
            attestation = new { type = "x509", x509 = new { signingCertificates = new { primary = new { certificate = _root.Own.CertificatePem } } } },
        });
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Provisioning}", group)).Status);
        return instance;
    }
}
