using System.Text.Json;
using Amqp;
using Amqp.Sasl;
using MQTTnet.Protocol;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Issuance;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Breach;

/// <summary>A drained issuer: its devices obtain new certificates, in order and at a rate, and do nothing else until then.</summary>
public sealed class DrainTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";

    private static readonly TimeSpan DropLimit = TimeSpan.FromSeconds(2);

    private readonly IssuingInstance _issuing = new();

    private string Factory => $"/blocks/issuer/{_issuing.Factory.Certificate.Thumbprint}?{Version}";

    public ValueTask DisposeAsync() => _issuing.DisposeAsync();

    [Fact]
    public async Task A_drained_device_is_dropped_and_does_nothing_on_the_hub_but_obtain_and_goes_on_with_the_new_certificate()
    {
        using var service = await StartAsync();
        using var old = _issuing.Factory.IssueLeaf("dev-01");
        await using var live = await PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-01", old);
        await live.WaitForAsync(1);
        Assert.Equal(1, (await service.AskAsync(HttpMethod.Put, $"{Factory}&dryRun=true", Draining.Usual)).Body.GetProperty("devices").GetProperty("drains").GetInt32());
        await live.WaitForAsync(1);

        await DrainAsync(service);
        await live.WaitForEndAsync(DropLimit);
        await AssertSeenAsync(service, "dev-01", AttestationRefusals.Drained.Number);
        await using (var talking = await HubConversation.OpenAsync(_issuing.Endpoint, "dev-01", old))
        {
            await talking.SendTelemetryAsync();
            await talking.WaitForEndAsync(DropLimit);
        }

        using var key = TestKey.P256();
        await using var device = await HubConversation.OpenAsync(_issuing.Endpoint, "dev-01", old);
        Assert.Equal(403, await device.ReadTwinAsync());
        var (status, body) = await device.ObtainAsync(TestSigningRequest.Make("dev-01", key).ToBase64());
        Assert.True(status == 200, body.GetRawText());
        using var next = TestCertificate.Join(body.GetProperty("certificates")[0].GetBytesFromBase64(), key);
        await using var moved = await HubConversation.OpenAsync(_issuing.Endpoint, "dev-01", next);
        Assert.Equal(200, await moved.ReadTwinAsync());

        // Who holds the old key cannot even disconnect the device that has moved on.
        Assert.Null(await HubConversation.TryOpenAsync(_issuing.Endpoint, "dev-01", old));
        await moved.PingAsync();
    }

    [Fact]
    public async Task A_drained_device_is_refused_at_registration_until_it_sends_a_signing_request_and_over_http_and_amqp_always()
    {
        using var service = await StartAsync();
        using var old = _issuing.Factory.IssueLeaf("dev-01");
        using var device = new ServiceClient(_issuing.Served, old);
        Assert.Equal(202, (await RegisterAsync(device, "dev-01")).Status);
        await DrainAsync(service);
        var (status, body) = await RegisterAsync(device, "dev-01");
        Assert.Equal((401, 401016), (status, body.GetProperty("errorCode").GetInt32()));
        Assert.Equal(401, (await device.AskAsync(HttpMethod.Post, $"/devices/dev-01/messages/events?{Version}", "{}")).Status);

        Assert.False(await SendsOverAmqpAsync(old));

        using var next = await _issuing.ObtainAsync(device, "dev-01");
        Assert.True(await SendsOverAmqpAsync(next));
        using var moved = new ServiceClient(_issuing.Served, next);
        Assert.Equal(204, (await moved.AskAsync(HttpMethod.Post, $"/devices/dev-01/messages/events?{Version}", "{}")).Status);
        Assert.Equal(202, (await RegisterAsync(moved, "dev-01")).Status);
        var progress = (await service.AskAsync(HttpMethod.Get, Factory)).Body;
        Assert.Equal((1, 1, "drain"), (progress.GetProperty("devices").GetInt32(), progress.GetProperty("admitted").GetInt32(), progress.GetProperty("mode").GetString()));
    }

    [Fact]
    public async Task Devices_beyond_the_rate_are_told_to_come_again_and_a_leaf_that_was_never_seen_is_refused()
    {
        using var service = await StartAsync();
        var devices = new[] { "dev-01", "dev-02" }.Select(id => (Id: id, Client: new ServiceClient(_issuing.Served, _issuing.Factory.IssueLeaf(id)))).ToList();
        foreach (var (id, client) in devices)
        {
            Assert.Equal(202, (await RegisterAsync(client, id)).Status);
        }

        await DrainAsync(service, """{"reason":"stolen","mode":"drain","ratePerMinute":1,"first":["dev-01"]}""");
        var (status, headers, body) = await _issuing.RegisterAsync(devices[1].Client, "dev-02", TestSigningRequest.Make("dev-02").ToBase64());
        Assert.Equal((429, 429001), (status, body.GetProperty("errorCode").GetInt32()));
        Assert.InRange(headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        (await _issuing.ObtainAsync(devices[0].Client, "dev-01")).Dispose();

        using var minted = new ServiceClient(_issuing.Served, _issuing.Factory.IssueLeaf("dev-01"));
        var (refused, _, why) = await _issuing.RegisterAsync(minted, "dev-01", TestSigningRequest.Make("dev-01").ToBase64());
        Assert.Equal(400, refused);
        Assert.Contains($"({DrainRefusals.NotSeenBefore.Number})", why.GetProperty("message").GetString(), StringComparison.Ordinal);
        minted.Dispose();
        devices.ForEach(device => device.Client.Dispose());
    }

    [Fact]
    public async Task Nothing_is_issued_by_an_authority_that_is_drained_itself_and_a_drain_can_become_a_cut_and_end()
    {
        using var service = await StartAsync();
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var first = await _issuing.ObtainAsync("dev-01", factory);
        using var device = new ServiceClient(_issuing.Served, first);
        Assert.Equal(202, (await RegisterAsync(device, "dev-01")).Status);
        await _issuing.WithAuthorityAsync(async parts =>
        {
            var slot = await parts.Issuers.FindActiveAsync("ours", TestContext.Current.CancellationToken);
            await DrainAsync(service, path: $"/blocks/issuer/{slot!.Certificate!.Thumbprint}?{Version}");
        });
        var (status, _, body) = await _issuing.RegisterAsync(device, "dev-01", TestSigningRequest.Make("dev-01").ToBase64());
        Assert.Equal(400, status);
        Assert.Contains($"({DrainRefusals.IssuerBlocked.Number})", body.GetProperty("message").GetString(), StringComparison.Ordinal);

        var block = Assert.Single((await service.AskAsync(HttpMethod.Get, $"/blocks?{Version}")).Body.EnumerateArray()).GetProperty("name").GetString();
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Put, $"/blocks/issuer/{block}?{Version}", """{"reason":"stolen"}""")).Status);
        Assert.Equal(401002, (await RegisterAsync(device, "dev-01")).Body.GetProperty("errorCode").GetInt32());
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(_issuing.Endpoint, "dev-01", first));
        Assert.Equal(1, (await service.AskAsync(HttpMethod.Delete, $"/blocks/issuer/{block}?dryRun=true&{Version}")).Body.GetProperty("devices").GetProperty("gains").GetInt32());
        Assert.Equal(204, (await service.AskAsync(HttpMethod.Delete, $"/blocks/issuer/{block}?{Version}")).Status);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(_issuing.Endpoint, "dev-01", first));
    }

    // Whether the hub takes a message over AMQP by this certificate.
    private async Task<bool> SendsOverAmqpAsync(TestCertificate leaf)
    {
        var factory = new ConnectionFactory();
        factory.SSL.ClientCertificates.Add(leaf.WithKey);
        factory.SSL.RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null;
        factory.SASL.Profile = SaslProfile.External;
        var connection = await factory.CreateAsync(new Address($"amqps://localhost:{_issuing.Served.Ports.Amqp}"));
        try
        {
            var link = new SenderLink(new Session(connection), "events", "/devices/dev-01/messages/events");
            await link.SendAsync(new Message("{}"), TimeSpan.FromSeconds(20));
            return true;
        }
        catch (AmqpException refused) when (refused.Error.Condition == ErrorCode.UnauthorizedAccess)
        {
            return false;
        }
        finally
        {
            await connection.CloseAsync();
        }
    }

    private async Task<ServiceClient> StartAsync()
    {
        var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        return service;
    }

    private Task<(int Status, JsonElement Body)> RegisterAsync(ServiceClient device, string id) => Answer(device.AskAsync(
        HttpMethod.Put, $"/{_issuing.Served.Instance.Document.IdScope}/registrations/{id}/register?{Version}", JsonSerializer.Serialize(new { registrationId = id })));

    private static async Task<(int Status, JsonElement Body)> Answer(Task<(int Status, System.Net.Http.Headers.HttpResponseHeaders Headers, JsonElement Body)> asked)
    {
        var (status, _, body) = await asked;
        return (status, body);
    }

    private Task<JsonElement> DrainAsync(ServiceClient service, string body = Draining.Usual, string? path = null) => Draining.BeginAsync(service, path ?? Factory, body);

    private static async Task AssertSeenAsync(ServiceClient service, string id, int refusal)
    {
        var (_, _, sightings) = await service.AskAsync(HttpMethod.Get, $"/registrations/{id}/sightings?{Version}");
        Assert.Contains(sightings.EnumerateArray(), sighting => sighting.TryGetProperty("refusal", out var number) && number.GetInt32() == refusal);
    }
}
