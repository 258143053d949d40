using System.Net.Security;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet.Protocol;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuers;
using Perennial.Protocol.Sas;
using Perennial.Provisioning.Issuance;
using Perennial.Server.Hosting;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Issuance;

/// <summary>Devices that ask for their next leaf when they register (dps-protocol §10), and use it on the hub: real TLS, a real authority.</summary>
public sealed class IssuedLeafTests : IAsyncDisposable
{
    private const string Version = "api-version=2025-07-01-preview";
    private const string Policy = "lamps";
    private const string Key = "c2l4dGVlbiBieXRlcyBvZiBhIHRlc3Qga2V5IGFuZCBtb3Jl";

    private readonly ServedInstance _instance = ServedInstance.Open(TimeProvider.System);
    private readonly TestAuthority _factory = TestAuthority.CreateRoot("Factory");

    private DeviceEndpoint Endpoint => DeviceEndpoint.Of(_instance.Instance);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        _factory.Dispose();
    }

    [Fact]
    public async Task A_device_with_a_key_obtains_a_leaf_and_connects_by_it()
    {
        using var service = await StartAsync();
        await EnrollAsync(service, "dev-01", $$"""{"type":"symmetricKey","symmetricKey":{"primaryKey":"{{Key}}","secondaryKey":"{{Key}}"} }""");
        var resource = $"{_instance.Instance.Document.IdScope}/registrations/dev-01";
        var token = SharedAccessSignature.Create(resource, Convert.FromBase64String(Key), DateTimeOffset.MaxValue, "registration");
        using var device = new ServiceClient(_instance, token: token);
        using var leaf = await ObtainAsync(device, "dev-01");
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", leaf));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-02", leaf));
    }

    [Fact]
    public async Task Old_and_new_leaf_work_until_the_new_one_is_used_and_then_only_the_new_one()
    {
        using var service = await StartAsync();
        await EnrollGroupAsync(service);
        using var factory = _factory.IssueLeaf("dev-01");
        using var first = await ObtainAsync("dev-01", factory);
        await using var connected = await PublishingDevice.ConnectAsync(Endpoint, "dev-01", first);
        await connected.WaitForAsync(1);
        using var second = await ObtainAsync("dev-01", first);
        await connected.WaitForAsync(20);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", first));

        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", second));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-01", first));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", second));
        Assert.Equal(LeafRefusals.LeafRetired.Number, await LastRefusalAsync(service, "dev-01"));

        // The factory certificate stays what it is: the way back.
        using var third = await ObtainAsync("dev-01", factory);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", third));
    }

    [Fact]
    public async Task A_device_rolls_its_own_enrollment_and_the_old_leaf_leaves_by_the_use_of_the_new()
    {
        using var service = await StartAsync();
        using var own = TestAuthority.CreateSelfSignedLeaf("dev-01");
        await EnrollAsync(service, "dev-01", JsonSerializer.Serialize(new { type = "x509", x509 = new { clientCertificates = new { primary = new { certificate = own.CertificatePem } } } }));
        using var second = await ObtainAsync("dev-01", own);
        Assert.Equal((own.Certificate.Thumbprint.ToString(), second.Certificate.Thumbprint.ToString()), await SlotsAsync(service, "dev-01"));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", own));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", second));
        Assert.Equal((null, second.Certificate.Thumbprint.ToString()), await SlotsAsync(service, "dev-01"));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-01", own));

        using var third = await ObtainAsync("dev-01", second);
        Assert.Equal((third.Certificate.Thumbprint.ToString(), second.Certificate.Thumbprint.ToString()), await SlotsAsync(service, "dev-01"));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", third));
        Assert.Equal((third.Certificate.Thumbprint.ToString(), null), await SlotsAsync(service, "dev-01"));
    }

    [Fact]
    public async Task A_request_that_cannot_be_met_is_a_400_that_names_the_reason()
    {
        using var service = await StartAsync();
        await EnrollGroupAsync(service);
        using var factory = _factory.IssueLeaf("dev-01");
        using var device = new ServiceClient(_instance, factory);
        foreach (var (csr, number) in new[] { ("AAAA", 2033), (TestSigningRequest.Make("dev-02").ToBase64(), LeafRefusals.OtherName.Number) })
        {
            var (status, _, body) = await RegisterAsync(device, "dev-01", csr);
            Assert.Equal(400, status);
            Assert.Contains($"({number})", body.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_operation_that_was_polled_brings_the_same_chain()
    {
        using var service = await StartAsync();
        await EnrollGroupAsync(service);
        using var factory = _factory.IssueLeaf("dev-01");
        using var device = new ServiceClient(_instance, factory);
        var (_, _, body) = await RegisterAsync(device, "dev-01", TestSigningRequest.Make("dev-01").ToBase64());
        var path = $"/{_instance.Instance.Document.IdScope}/registrations/dev-01/operations/{body.GetProperty("operationId").GetString()}?{Version}";
        var (status, _, polled) = await device.AskAsync(HttpMethod.Get, path);
        Assert.Equal((200, ChainOf(body)), (status, ChainOf(polled)));
        Assert.Equal(3, body.GetProperty("registrationState").GetProperty("issuedCertificateChain").GetArrayLength());
    }

    private static string ChainOf(JsonElement status) => status.GetProperty("registrationState").GetProperty("issuedCertificateChain").GetRawText();

    private async Task<ServiceClient> StartAsync()
    {
        await using (var database = DatabaseOpening.Open(_instance.Instance.Database, NullLoggerFactory.Instance, TimeProvider.System))
        using (var parts = AuthorityParts.Compose(_instance.Instance, database, TimeProvider.System))
        {
            await parts.CreateAuthority.RunAsync(new AuthorityWishes { IssuerName = "ours" }, "test", Stop);
            await parts.Profiles.SaveAsync(new CertificateProfile { Name = Policy, IssuerName = "ours", AllowsSelfRoll = true }, "test", Stop);
        }

        await _instance.StartAsync();
        return new ServiceClient(_instance);
    }

    private Task EnrollGroupAsync(ServiceClient service) => SaveAsync(service, "enrollmentGroups/g", JsonSerializer.Serialize(new
    {
        enrollmentGroupId = "g",
        credentialPolicyName = Policy,
        attestation = new { type = "x509", x509 = new { signingCertificates = new { primary = new { certificate = _factory.Own.CertificatePem } } } },
    }));

    private static Task EnrollAsync(ServiceClient service, string id, string attestation) => SaveAsync(
        service, $"enrollments/{id}", $$"""{"registrationId":"{{id}}","credentialPolicyName":"{{Policy}}","attestation":{{attestation}} }""");

    private static async Task SaveAsync(ServiceClient service, string path, string body)
    {
        var (status, _, saved) = await service.AskAsync(HttpMethod.Put, $"/{path}?{Version}", body);
        Assert.True(status == 200, saved.GetRawText());
        Assert.Equal(Policy, saved.GetProperty("credentialPolicyName").GetString());
    }

    private async Task<TestCertificate> ObtainAsync(string id, TestCertificate presented)
    {
        using var device = new ServiceClient(_instance, presented);
        return await ObtainAsync(device, id);
    }

    private async Task<TestCertificate> ObtainAsync(ServiceClient device, string id)
    {
        var key = TestKey.P256();
        var (status, _, body) = await RegisterAsync(device, id, TestSigningRequest.Make(id, key).ToBase64());
        Assert.True(status == 202, $"{status} {body.GetRawText()}");
        var state = body.GetProperty("registrationState");
        Assert.Equal("assigned", state.GetProperty("status").GetString());
        return TestCertificate.Join(state.GetProperty("issuedCertificateChain")[0].GetBytesFromBase64(), key);
    }

    private Task<(int Status, System.Net.Http.Headers.HttpResponseHeaders Headers, JsonElement Body)> RegisterAsync(ServiceClient device, string id, string csr) =>
        device.AskAsync(
            HttpMethod.Put,
            $"/{_instance.Instance.Document.IdScope}/registrations/{id}/register?{Version}",
            JsonSerializer.Serialize(new { registrationId = id, csr }));

    private static async Task<(string? Primary, string? Secondary)> SlotsAsync(ServiceClient service, string id)
    {
        var (_, _, body) = await service.AskAsync(HttpMethod.Get, $"/enrollments/{id}?{Version}");
        var slots = body.GetProperty("attestation").GetProperty("x509").GetProperty("clientCertificates");
        return (Thumbprint("primary"), Thumbprint("secondary"));

        string? Thumbprint(string slot) =>
            slots.TryGetProperty(slot, out var held) && held.ValueKind == JsonValueKind.Object
                ? held.GetProperty("info").GetProperty("sha256Thumbprint").GetString()!.ToUpperInvariant()
                : null;
    }

    private static async Task<int> LastRefusalAsync(ServiceClient service, string id)
    {
        var (_, _, sightings) = await service.AskAsync(HttpMethod.Get, $"/registrations/{id}/sightings?{Version}");
        return sightings.EnumerateArray().First(sighting => sighting.TryGetProperty("refusal", out _)).GetProperty("refusal").GetInt32();
    }
}
