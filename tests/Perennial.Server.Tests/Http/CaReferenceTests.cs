using System.Text.Json;
using MQTTnet.Protocol;
using Perennial.Provisioning.Attestation;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Outages;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>A group that refers to CA certificates of the service by name, and devices below them.</summary>
public sealed class CaReferenceTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";
    private static readonly TimeSpan DropLimit = TimeSpan.FromSeconds(2);

    private readonly ServedInstance _instance = ServedInstance.Open(TimeProvider.System);
    private readonly TestAuthority _old = TestAuthority.CreateRoot("Old root");
    private readonly TestAuthority _new = TestAuthority.CreateRoot("New root");

    private DeviceEndpoint Endpoint => DeviceEndpoint.Of(_instance.Instance);

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public async Task The_group_document_goes_in_and_comes_out_with_the_names()
    {
        using var client = await StartAsync();
        await UploadAsync(client, "old", _old, isVerified: true);
        await UploadAsync(client, "new", _new, isVerified: true);
        Assert.Equal((200, """{"type":"x509","x509":{"caReferences":{"primary":"OLD","secondary":"new"}}}"""), await SaveAsync(client, """{"primary":"OLD","secondary":"new"}"""));
        var (_, _, read) = await client.AskAsync(HttpMethod.Get, $"/enrollmentGroups/g?{Version}");
        Assert.Equal("""{"type":"x509","x509":{"caReferences":{"primary":"OLD","secondary":"new"}}}""", read.GetProperty("attestation").GetRawText());
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/g?{Version}", read.GetRawText())).Status);
        Assert.Equal((200, """{"type":"x509","x509":{"caReferences":{"secondary":"new"}}}"""), await SaveAsync(client, """{"primary":null,"secondary":"new"}"""));

        var (_, _, found) = await client.AskAsync(
            HttpMethod.Post, $"/enrollmentGroups/query?{Version}", """{"query":"SELECT * FROM enrollmentGroups WHERE attestation.x509.caReferences.secondary = 'new'"}""");
        Assert.Equal("g", Assert.Single(found.EnumerateArray()).GetProperty("enrollmentGroupId").GetString());
    }

    [Fact]
    public async Task What_cannot_be_referred_to_is_told_with_the_remedy()
    {
        using var client = await StartAsync();
        await UploadAsync(client, "unproven", _old, isVerified: false);
        await UploadAsync(client, "new", _new, isVerified: true);
        Assert.Equal(200, (await SaveAsync(client, """{"primary":"new"}""")).Status);

        Assert.Contains("'absent', which the service does not hold", await RefusalAsync(client, 400, """{"caReferences":{"primary":"absent"}}"""), StringComparison.Ordinal);
        Assert.Contains("'unproven', which is not verified", await RefusalAsync(client, 400, """{"caReferences":{"primary":"unproven"}}"""), StringComparison.Ordinal);
        Assert.Contains("send exactly one of", await RefusalAsync(client, 400, """{"caReferences":{"primary":null}}"""), StringComparison.Ordinal);
        Assert.Contains(
            "send exactly one of", await RefusalAsync(client, 400, """{"caReferences":{"primary":"new"},"signingCertificates":{"primary":null}}"""), StringComparison.Ordinal);
        Assert.Contains(
            "stands already in the primary slot of the enrollment group 'g'",
            await RefusalAsync(client, 409, """{"caReferences":{"secondary":"NEW"}}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_certificate_cuts_its_devices_off_at_once_and_the_other_slot_works_on()
    {
        using var client = await StartAsync();
        await UploadAsync(client, "old", _old, isVerified: true);
        await UploadAsync(client, "new", _new, isVerified: true);
        await SaveAsync(client, """{"primary":"old","secondary":"new"}""");
        using var oldLeaf = _old.IssueLeaf("dev-old");
        await using var below = await PublishingDevice.ConnectAsync(Endpoint, "dev-old", oldLeaf);
        await using var beside = await PublishingDevice.ConnectAsync(Endpoint, "dev-new", _new.IssueLeaf("dev-new"));
        await below.WaitForAsync(1);

        Assert.Equal(204, (await client.AskAsync(HttpMethod.Delete, $"/certificates/old?{Version}", null, ("If-Match", "*"))).Status);
        await below.WaitForEndAsync(DropLimit);
        await beside.WaitForAsync(20);
        await AssertRefusedAsync(client, "dev-old", oldLeaf);
        Assert.Equal((200, """{"type":"x509","x509":{"caReferences":{"primary":"old","secondary":"new"}}}"""), await SaveAsync(client, """{"primary":"old","secondary":"new"}"""));

        await UploadAsync(client, "old", _old, isVerified: true);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-old", oldLeaf));
    }

    [Fact]
    public async Task Another_certificate_under_the_name_counts_only_by_its_own_proof_of_possession()
    {
        using var client = await StartAsync();
        await UploadAsync(client, "ca", _old, isVerified: true);
        await SaveAsync(client, """{"primary":"ca"}""");
        using var oldLeaf = _old.IssueLeaf("dev-01");
        using var newLeaf = _new.IssueLeaf("dev-01");
        await using var device = await PublishingDevice.ConnectAsync(Endpoint, "dev-01", oldLeaf);

        await UploadAsync(client, "ca", _new, isVerified: null);
        await device.WaitForEndAsync(DropLimit);
        await AssertRefusedAsync(client, "dev-01", oldLeaf);
        await AssertRefusedAsync(client, "dev-01", newLeaf);

        var (_, _, challenged) = await client.AskAsync(HttpMethod.Post, $"/certificates/ca/generateVerificationCode?{Version}", null, ("If-Match", "*"));
        using var proof = _new.IssueLeaf(challenged.GetProperty("properties").GetProperty("verificationCode").GetString()!);
        var body = JsonSerializer.Serialize(new { certificate = proof.CertificatePem });
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Post, $"/certificates/ca/verify?{Version}", body, ("If-Match", "*"))).Status);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", newLeaf));
        await AssertRefusedAsync(client, "dev-01", oldLeaf);

        await using var again = await PublishingDevice.ConnectAsync(Endpoint, "dev-01", newLeaf);
        await UploadAsync(client, "ca", _new, isVerified: false);
        await again.WaitForEndAsync(DropLimit);
    }

    [Fact]
    public async Task The_old_reference_is_retired_once_every_device_has_proven_the_new_one()
    {
        using var client = await StartAsync();
        await UploadAsync(client, "old", _old, isVerified: true);
        await UploadAsync(client, "new", _new, isVerified: true);
        await SaveAsync(client, """{"primary":"old","secondary":"new"}""");
        await (await PublishingDevice.ConnectAsync(Endpoint, "dev-01", _old.IssueLeaf("dev-01"))).DisposeAsync();
        var (status, _, unproven) = await client.AskAsync(HttpMethod.Post, $"/enrollmentGroups/g/retire?slot=primary&{Version}");
        Assert.Equal((409, "dev-01"), (status, unproven.GetProperty("unproven")[0].GetProperty("registrationId").GetString()));
        var (_, _, proof) = await client.AskAsync(HttpMethod.Get, $"/enrollmentGroups/g/proof?slot=secondary&{Version}");
        Assert.Equal(_new.Certificate.Thumbprint.ToString(), proof.GetProperty("sha256Thumbprint").GetString());

        await (await PublishingDevice.ConnectAsync(Endpoint, "dev-01", _new.IssueLeaf("dev-01"))).DisposeAsync();
        var (retired, _, group) = await client.AskAsync(HttpMethod.Post, $"/enrollmentGroups/g/retire?slot=primary&{Version}");
        Assert.Equal((200, """{"secondary":"new"}"""), (retired, group.GetProperty("attestation").GetProperty("x509").GetProperty("caReferences").GetRawText()));
    }

    private async Task<ServiceClient> StartAsync()
    {
        await _instance.StartAsync();
        return new ServiceClient(_instance);
    }

    private async Task AssertRefusedAsync(ServiceClient client, string id, TestCertificate leaf)
    {
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, id, leaf));
        await using (var provisioning = await TlsClient.ConnectAsync(Endpoint.TrustBundle, Endpoint.MqttPort, leaf))
        {
            Assert.Contains("/401/", (await provisioning.RegisterAsync(Endpoint.IdScope, id)).Topic, StringComparison.Ordinal);
        }

        var (_, _, sightings) = await client.AskAsync(HttpMethod.Get, $"/registrations/{id}/sightings?{Version}");
        var refused = sightings.EnumerateArray().Where(sighting => sighting.TryGetProperty("refusal", out _)).ToList();
        Assert.Contains(refused, sighting => sighting.GetProperty("path").GetString() == "provisioning");
        Assert.All(refused, sighting => Assert.Equal(AttestationRefusals.NotEnrolled.Number, sighting.GetProperty("refusal").GetInt32()));
    }

    private static async Task<(int Status, string Attestation)> SaveAsync(ServiceClient client, string references)
    {
        var body = $$"""{"enrollmentGroupId":"g","attestation":{"type":"x509","x509":{"caReferences":{{references}} } } }""";
        var (status, _, saved) = await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/g?{Version}", body);
        return (status, saved.TryGetProperty("attestation", out var attestation) ? attestation.GetRawText() : saved.GetRawText());
    }

    private static async Task<string> RefusalAsync(ServiceClient client, int expected, string x509)
    {
        var (status, _, error) = await client.AskAsync(
            HttpMethod.Put, $"/enrollmentGroups/other?{Version}", $$"""{"attestation":{"type":"x509","x509":{{x509}} } }""");
        Assert.Equal(expected, status);
        return error.GetProperty("message").GetString()!;
    }

    private static async Task UploadAsync(ServiceClient client, string name, TestAuthority root, bool? isVerified)
    {
        var body = JsonSerializer.Serialize(new { properties = new { certificate = root.Own.CertificatePem, isVerified } });
        var (status, _, _) = await client.AskAsync(HttpMethod.Put, $"/certificates/{name}?{Version}", body, ("If-Match", "*"));
        Assert.Equal(200, status);
    }
}
