using System.Buffers;
using System.Text;
using System.Text.Json;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Server.Tests.Outages;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Issuance;

/// <summary>A device that asks for its next leaf on its live connection to the hub (hub-protocol §7): real TLS, a real authority.</summary>
public sealed class HubCredentialTests : IAsyncDisposable
{
    private readonly IssuingInstance _issuing = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _issuing.DisposeAsync();

    [Fact]
    public async Task A_leaf_is_issued_on_the_live_connection_and_the_old_one_leaves_by_the_use_of_the_new()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var first = await _issuing.ObtainAsync("dev-01", factory);
        using var key = TestKey.P256();
        await using var device = await ConnectAsync("dev-01", first);
        var (status, rid, pending) = await AskAsync(device, "req-1", TestSigningRequest.Make("dev-01", key).ToBase64());
        Assert.Equal((202, "req-1"), (status, rid));
        var (done, _, issued) = await AnswerAsync(device);
        Assert.Equal((200, pending.GetProperty("correlationId").GetString()), (done, issued.GetProperty("correlationId").GetString()));
        Assert.Equal(3, issued.GetProperty("certificates").GetArrayLength());

        using var second = TestCertificate.Join(issued.GetProperty("certificates")[0].GetBytesFromBase64(), key);
        await PingAsync(device);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(_issuing.Endpoint, "dev-01", first));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(_issuing.Endpoint, "dev-01", second));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(_issuing.Endpoint, "dev-01", first));
    }

    [Fact]
    public async Task A_result_that_was_not_collected_is_delivered_on_the_next_connection()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var first = await _issuing.ObtainAsync("dev-01", factory);
        string leaf;
        await using (var device = await ConnectAsync("dev-01", first))
        {
            Assert.Equal(202, (await AskAsync(device, "req-1", TestSigningRequest.Make("dev-01").ToBase64())).Status);
            leaf = (await AnswerAsync(device)).Body.GetProperty("certificates")[0].GetString()!;
        }

        await using var again = await ConnectAsync("dev-01", first);
        var (status, rid, body) = await AnswerAsync(again);
        Assert.Equal((200, "req-1", leaf), (status, rid, body.GetProperty("certificates")[0].GetString()));
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_is_answered_with_its_code()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        await (await PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-01", factory)).DisposeAsync();
        await using var device = await ConnectAsync("dev-01", factory);
        var csr = TestSigningRequest.Make("dev-01").ToBase64();
        foreach (var (body, rid, code) in new[]
        {
            ("{", "req-1", 400006),
            (string.Empty, "req-1", 400004),
            ("""{"id":"dev-01","csr":"AAAA","other":1}""", "req-1", 400004),
            ("""{"id":"dev-02","csr":"AAAA"}""", "req-1", 400004),
            ("""{"id":"dev-01","csr":"AAAA"}""", "-x-", 400004),
            ("""{"id":"dev-01","csr":"AAAA"}""", "req-1", 400037),
            ($$"""{"id":"dev-01","csr":"{{csr}}","replace":"req-0"}""", "req-1", 412001),
        })
        {
            var (status, answered, error) = await SendAsync(device, rid, body);
            Assert.Equal((code / 1000, rid, code), (status, answered, error.GetProperty("errorCode").GetInt32()));
        }
    }

    [Fact]
    public async Task A_device_under_no_profile_or_with_another_name_is_told_so()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service, policy: null);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        await (await PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-01", factory)).DisposeAsync();
        await using var device = await ConnectAsync("dev-01", factory);
        await AskAsync(device, "req-1", TestSigningRequest.Make("dev-01").ToBase64());
        Assert.Equal(403010, (await AnswerAsync(device)).Body.GetProperty("errorCode").GetInt32());

        await _issuing.EnrollGroupAsync(service);
        await AskAsync(device, "req-2", TestSigningRequest.Make("dev-02").ToBase64());
        var (status, _, error) = await AnswerAsync(device);
        Assert.Equal((400, 400040, "request-for-another-name"), (status, error.GetProperty("errorCode").GetInt32(), error.GetProperty("info").GetProperty("credentialError").GetString()));
    }

    private async Task<TlsClient> ConnectAsync(string id, TestCertificate leaf)
    {
        var client = await TlsClient.ConnectAsync(_issuing.Endpoint.TrustBundle, _issuing.Endpoint.MqttPort, leaf);
        var connect = new MqttConnectPacket { ClientId = id, Username = $"localhost/{id}/?api-version=2025-08-01-preview", KeepAlivePeriod = 60, CleanSession = true };
        await client.Channel.SendAsync(connect, Stop);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, Assert.IsType<MqttConnAckPacket>(await client.Channel.ReceiveAsync(Stop)).ReturnCode);
        var filter = new MqttTopicFilter { Topic = "$iothub/credentials/res/#" };
        await client.Channel.SendAsync(new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [filter] }, Stop);
        MqttPacket? packet;
        do
        {
            packet = await client.Channel.ReceiveAsync(Stop);
        }
        while (packet is MqttPublishPacket);
        Assert.IsType<MqttSubAckPacket>(packet);
        return client;
    }

    private static Task<(int Status, string RequestId, JsonElement Body)> AskAsync(TlsClient device, string rid, string csr) =>
        SendAsync(device, rid, JsonSerializer.Serialize(new { id = "dev-01", csr }));

    private static async Task<(int Status, string RequestId, JsonElement Body)> SendAsync(TlsClient device, string rid, string body)
    {
        var publish = new MqttPublishPacket
        {
            Topic = $"$iothub/credentials/POST/issueCertificate/?$rid={rid}",
            PayloadSegment = Encoding.UTF8.GetBytes(body),
        };
        await device.Channel.SendAsync(publish, Stop);
        return await AnswerAsync(device);
    }

    private static async Task<(int Status, string RequestId, JsonElement Body)> AnswerAsync(TlsClient device)
    {
        var answer = Assert.IsType<MqttPublishPacket>(await device.Channel.ReceiveAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.True(Protocol.Hub.Credentials.CredentialTopic.TryParseAnswer(answer.Topic, out var status, out var rid), answer.Topic);
        return (status, rid, JsonDocument.Parse(answer.Payload.ToArray()).RootElement);
    }

    private static async Task PingAsync(TlsClient device)
    {
        await device.Channel.SendAsync(MqttPingReqPacket.Instance, Stop);
        Assert.IsType<MqttPingRespPacket>(await device.Channel.ReceiveAsync(Stop));
    }
}
