using System.Text.Json;
using MQTTnet.Protocol;
using Perennial.Authority.Authorities;
using Perennial.Authority.Revocation;
using Perennial.Protocol.Sas;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Issuance;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Outages;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Server.Tests.Issuance;

/// <summary>Devices that ask for their next leaf when they register (dps-protocol §10), and use it on the hub: real TLS, a real authority.</summary>
public sealed class IssuedLeafTests : IAsyncDisposable
{
    private const string Key = "c2l4dGVlbiBieXRlcyBvZiBhIHRlc3Qga2V5IGFuZCBtb3Jl";

    private readonly IssuingInstance _issuing = new();

    private DeviceEndpoint Endpoint => _issuing.Endpoint;

    public ValueTask DisposeAsync() => _issuing.DisposeAsync();

    [Fact]
    public async Task A_device_with_a_key_obtains_a_leaf_and_connects_by_it()
    {
        using var service = await _issuing.StartAsync();
        await IssuingInstance.EnrollAsync(service, "dev-01", $$"""{"type":"symmetricKey","symmetricKey":{"primaryKey":"{{Key}}","secondaryKey":"{{Key}}"} }""");
        var resource = $"{_issuing.Served.Instance.Document.IdScope}/registrations/dev-01";
        var token = SharedAccessSignature.Create(resource, Convert.FromBase64String(Key), DateTimeOffset.MaxValue, "registration");
        using var device = new ServiceClient(_issuing.Served, token: token);
        using var leaf = await _issuing.ObtainAsync(device, "dev-01");
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", leaf));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-02", leaf));
    }

    [Fact]
    public async Task A_device_that_is_given_a_leaf_is_told_a_window_of_its_own_to_roll_it_in()
    {
        using var service = await _issuing.StartAsync(profile => profile with { RollAt = 0.5 });
        await _issuing.EnrollGroupAsync(service);
        var first = await WindowAsync("dev-01");
        var other = await WindowAsync("dev-02");

        // The life of a leaf begins when it is given: half of it, and half of what is left, are over at the end of every window.
        Assert.InRange(first.Begins, 0.4999, 0.75);
        Assert.InRange(first.Ends, 0.7499, 0.7501);
        Assert.InRange(other.Begins, 0.4999, 0.75);
        Assert.True(Math.Abs(first.Begins - other.Begins) > 0.001, $"{first} {other}");

        // A registration that gives none has nothing to say.
        using var device = new ServiceClient(_issuing.Served, _issuing.Factory.IssueLeaf("dev-01"));
        var (_, _, known) = await device.AskAsync(HttpMethod.Put, $"/{_issuing.Served.Instance.Document.IdScope}/registrations/dev-01/register?{IssuingInstance.Version}", """{"registrationId":"dev-01"}""");
        Assert.False(known.GetProperty("registrationState").TryGetProperty("payload", out var payload) && payload.ValueKind != JsonValueKind.Null, known.GetRawText());
    }

    [Fact]
    public async Task Old_and_new_leaf_work_until_the_new_one_is_used_and_then_only_the_new_one()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var first = await _issuing.ObtainAsync("dev-01", factory);
        await using var connected = await PublishingDevice.ConnectAsync(Endpoint, "dev-01", first);
        await connected.WaitForAsync(1);
        using var second = await _issuing.ObtainAsync("dev-01", first);
        await connected.WaitForAsync(20);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", first));

        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", second));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-01", first));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", second));
        Assert.Equal(AttestationRefusals.LeafRetired.Number, await LastRefusalAsync(service, "dev-01"));

        // The factory certificate stays what it is: the way back.
        using var third = await _issuing.ObtainAsync("dev-01", factory);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", third));
    }

    [Fact]
    public async Task A_device_rolls_its_own_enrollment_and_the_old_leaf_leaves_by_the_use_of_the_new()
    {
        using var service = await _issuing.StartAsync();
        using var own = TestAuthority.CreateSelfSignedLeaf("dev-01");
        await IssuingInstance.EnrollAsync(service, "dev-01", JsonSerializer.Serialize(new { type = "x509", x509 = new { clientCertificates = new { primary = new { certificate = own.CertificatePem } } } }));
        using var second = await _issuing.ObtainAsync("dev-01", own);
        Assert.Equal((own.Certificate.Thumbprint.ToString(), second.Certificate.Thumbprint.ToString()), await SlotsAsync(service, "dev-01"));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", own));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", second));
        Assert.Equal((null, second.Certificate.Thumbprint.ToString()), await SlotsAsync(service, "dev-01"));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-01", own));

        using var third = await _issuing.ObtainAsync("dev-01", second);
        Assert.Equal((third.Certificate.Thumbprint.ToString(), second.Certificate.Thumbprint.ToString()), await SlotsAsync(service, "dev-01"));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", third));
        Assert.Equal((third.Certificate.Thumbprint.ToString(), null), await SlotsAsync(service, "dev-01"));
    }

    [Fact]
    public async Task A_device_places_a_certificate_of_its_own_with_proof_of_its_key()
    {
        using var service = await _issuing.StartAsync();
        using var own = TestAuthority.CreateSelfSignedLeaf("dev-01");
        await IssuingInstance.EnrollAsync(service, "dev-01", JsonSerializer.Serialize(new { type = "x509", x509 = new { clientCertificates = new { primary = new { certificate = own.CertificatePem } } } }));
        await (await PublishingDevice.ConnectAsync(Endpoint, "dev-01", own)).DisposeAsync();
        using var next = TestAuthority.CreateSelfSignedLeaf("dev-01");
        using var other = TestAuthority.CreateSelfSignedLeaf("dev-02");
        using var device = new ServiceClient(_issuing.Served, own);
        Assert.Equal((400, LeafRefusals.KeyNotProven.Number), await PlaceAsync(device, next, TestSigningRequest.Make("dev-01")));
        Assert.Equal((400, AttestationRefusals.CommonNameMismatch.Number), await PlaceAsync(device, other, TestSigningRequest.Make("dev-02", other.Key)));
        Assert.Equal((200, 0), await PlaceAsync(device, next, TestSigningRequest.Make("dev-01", next.Key)));
        Assert.Equal((own.Certificate.Thumbprint.ToString(), next.Certificate.Thumbprint.ToString()), await SlotsAsync(service, "dev-01"));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", next));
        Assert.Equal((null, next.Certificate.Thumbprint.ToString()), await SlotsAsync(service, "dev-01"));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-01", own));
    }

    private async Task<(int Status, int Refusal)> PlaceAsync(ServiceClient device, TestCertificate certificate, CertificateSigningRequest proof)
    {
        var path = $"/{_issuing.Served.Instance.Document.IdScope}/registrations/dev-01/certificate?{IssuingInstance.Version}";
        var (status, _, body) = await device.AskAsync(
            HttpMethod.Put, path, JsonSerializer.Serialize(new { certificate = certificate.CertificatePem, csr = proof.ToBase64() }));
        var message = body.TryGetProperty("message", out var text) ? text.GetString()! : "(0)";
        return (status, int.Parse(message[(message.LastIndexOf('(') + 1)..^1], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Leaves_of_a_revoked_authority_are_dropped_within_two_seconds_and_the_way_back_stays_open()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var own = TestAuthority.CreateSelfSignedLeaf("dev-02");
        await IssuingInstance.EnrollAsync(service, "dev-02", JsonSerializer.Serialize(new { type = "x509", x509 = new { clientCertificates = new { primary = new { certificate = own.CertificatePem } } } }));
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var other = _issuing.Factory.IssueLeaf("dev-03");
        using var byRecord = await _issuing.ObtainAsync("dev-01", factory);
        using var bySlot = await _issuing.ObtainAsync("dev-02", own);
        await using var first = await PublishingDevice.ConnectAsync(Endpoint, "dev-01", byRecord);
        await using var second = await PublishingDevice.ConnectAsync(Endpoint, "dev-02", bySlot);
        await using var bystander = await PublishingDevice.ConnectAsync(Endpoint, "dev-03", other);
        await _issuing.WithAuthorityAsync(async parts =>
        {
            var slot = (await parts.Issuers.FindActiveAsync("ours", TestContext.Current.CancellationToken))!;
            await parts.CreateAuthority.RunAsync(new AuthorityWishes { IssuerName = "ours" }, "test", TestContext.Current.CancellationToken);
            var (_, _, impact) = await service.AskAsync(HttpMethod.Get, $"/issuers/{slot.Id}/impact?{IssuingInstance.Version}");
            Assert.Equal((2, 2), (impact.GetProperty("losing").GetInt32(), impact.GetProperty("devices").GetProperty("losesAtOnce").GetInt32()));
            await parts.RevokeAuthority.RunAsync(slot.Id, RevocationReason.CaCompromise, "test", TestContext.Current.CancellationToken);
        });
        await Task.WhenAll(first.WaitForEndAsync(TimeSpan.FromSeconds(2)), second.WaitForEndAsync(TimeSpan.FromSeconds(2)));
        await bystander.WaitForAsync(20);
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-01", byRecord));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-02", bySlot));
        Assert.Equal(AttestationRefusals.LeafRevoked.Number, await LastRefusalAsync(service, "dev-01"));

        using var again = await _issuing.ObtainAsync("dev-01", factory);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(Endpoint, "dev-01", again));
    }

    [Fact]
    public async Task A_request_that_cannot_be_met_is_a_400_that_names_the_reason()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var device = new ServiceClient(_issuing.Served, factory);
        foreach (var (csr, number) in new[] { ("AAAA", 2033), (TestSigningRequest.Make("dev-02").ToBase64(), LeafRefusals.OtherName.Number) })
        {
            var (status, _, body) = await _issuing.RegisterAsync(device, "dev-01", csr);
            Assert.Equal(400, status);
            Assert.Contains($"({number})", body.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_operation_that_was_polled_brings_the_same_chain()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var device = new ServiceClient(_issuing.Served, factory);
        var (_, _, body) = await _issuing.RegisterAsync(device, "dev-01", TestSigningRequest.Make("dev-01").ToBase64());
        var path = $"/{_issuing.Served.Instance.Document.IdScope}/registrations/dev-01/operations/{body.GetProperty("operationId").GetString()}?{IssuingInstance.Version}";
        var (status, _, polled) = await device.AskAsync(HttpMethod.Get, path);
        Assert.Equal((200, ChainOf(body)), (status, ChainOf(polled)));
        Assert.Equal(3, body.GetProperty("registrationState").GetProperty("issuedCertificateChain").GetArrayLength());
    }

    [Fact]
    public async Task Over_mqtt_the_reply_brings_the_chain_too_and_without_a_request_none()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        var csr = TestSigningRequest.Make("dev-01").ToBase64();
        foreach (var (request, count) in new[] { ("", 0), (JsonSerializer.Serialize(new { registrationId = "dev-01", csr }), 3) })
        {
            await using var device = await TlsClient.ConnectAsync(Endpoint.TrustBundle, Endpoint.MqttPort, factory);
            var (topic, body) = await device.RegisterAsync(Endpoint.IdScope, "dev-01", request);
            Assert.Contains("/200/", topic, StringComparison.Ordinal);
            var state = JsonDocument.Parse(body).RootElement.GetProperty("registrationState");
            Assert.Equal(count, state.TryGetProperty("issuedCertificateChain", out var chain) ? chain.GetArrayLength() : 0);
        }
    }

    private static string ChainOf(JsonElement status) => status.GetProperty("registrationState").GetProperty("issuedCertificateChain").GetRawText();

    private static async Task<(string? Primary, string? Secondary)> SlotsAsync(ServiceClient service, string id)
    {
        var (_, _, body) = await service.AskAsync(HttpMethod.Get, $"/enrollments/{id}?{IssuingInstance.Version}");
        var slots = body.GetProperty("attestation").GetProperty("x509").GetProperty("clientCertificates");
        return (Thumbprint("primary"), Thumbprint("secondary"));

        string? Thumbprint(string slot) =>
            slots.TryGetProperty(slot, out var held) && held.ValueKind == JsonValueKind.Object
                ? held.GetProperty("info").GetProperty("sha256Thumbprint").GetString()!.ToUpperInvariant()
                : null;
    }

    private static async Task<int> LastRefusalAsync(ServiceClient service, string id)
    {
        var (_, _, sightings) = await service.AskAsync(HttpMethod.Get, $"/registrations/{id}/sightings?{IssuingInstance.Version}");
        return sightings.EnumerateArray().First(sighting => sighting.TryGetProperty("refusal", out _)).GetProperty("refusal").GetInt32();
    }

    // As shares of the life of the leaf.
    private async Task<(double Begins, double Ends)> WindowAsync(string id)
    {
        using var factory = _issuing.Factory.IssueLeaf(id);
        using var device = new ServiceClient(_issuing.Served, factory);
        var asked = TimeProvider.System.GetUtcNow();
        var (_, _, body) = await _issuing.RegisterAsync(device, id, TestSigningRequest.Make(id, TestKey.P256()).ToBase64());
        var state = body.GetProperty("registrationState");
        var window = state.GetProperty("payload").GetProperty("certificateRenewal");
        Assert.True(Certificate.TryParse(state.GetProperty("issuedCertificateChain")[0].GetBytesFromBase64(), out var leaf, out _));
        return (ShareOf("notBefore"), ShareOf("notAfter"));

        double ShareOf(string member) => (window.GetProperty(member).GetDateTimeOffset() - asked) / (leaf!.NotAfter - asked);
    }
}
