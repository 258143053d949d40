using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Protocol.Hub.Credentials;
using Perennial.Server.Tests.Outages;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Breach;

/// <summary>A device on a hub that says one thing after the other and looks at what it is answered.</summary>
internal sealed class HubConversation(TlsClient client, string id) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Connects with a lasting session, and subscribes to answers.</summary>
    public static async Task<HubConversation> OpenAsync(DeviceEndpoint server, string id, TestCertificate leaf)
    {
        var conversation = await TryOpenAsync(server, id, leaf);
        Assert.NotNull(conversation);
        await conversation.SubscribeAsync("$iothub/credentials/res/#", "$iothub/twin/res/#", "$iothub/methods/POST/#");
        return conversation;
    }

    /// <summary>Connects with a lasting session; null when the hub refuses.</summary>
    public static async Task<HubConversation?> TryOpenAsync(DeviceEndpoint server, string id, TestCertificate leaf)
    {
        var client = await TlsClient.ConnectAsync(server.TrustBundle, server.MqttPort, leaf);
        var connect = new MqttConnectPacket { ClientId = id, Username = $"localhost/{id}/?api-version=2025-08-01-preview", KeepAlivePeriod = 60, CleanSession = false };
        await client.Channel.SendAsync(connect, Stop);
        if (Assert.IsType<MqttConnAckPacket>(await client.Channel.ReceiveAsync(Stop)).ReturnCode == MqttConnectReturnCode.ConnectionAccepted)
        {
            return new HubConversation(client, id);
        }

        await client.DisposeAsync();
        return null;
    }

    /// <summary>Asks for the twin, and tells the status of the answer.</summary>
    public async Task<int> ReadTwinAsync()
    {
        await PublishAsync("$iothub/twin/GET/?$rid=1", "");
        return int.Parse((await AnswerAsync()).Topic.Split('/')[3], CultureInfo.InvariantCulture);
    }

    /// <summary>Asks for a certificate, and waits for what comes of it.</summary>
    public async Task<(int Status, JsonElement Body)> ObtainAsync(string csr)
    {
        await PublishAsync("$iothub/credentials/POST/issueCertificate/?$rid=req-1", JsonSerializer.Serialize(new { id, csr }));
        while (true)
        {
            var answer = await AnswerAsync();
            Assert.True(CredentialTopic.TryParseAnswer(answer.Topic, out var status, out _), answer.Topic);
            if (status != 202)
            {
                return (status, JsonDocument.Parse(answer.Payload.ToArray()).RootElement);
            }
        }
    }

    public Task SendTelemetryAsync() => PublishAsync($"devices/{id}/messages/events/", "{}");

    /// <summary>Waits until the hub has ended the connection.</summary>
    public async Task WaitForEndAsync(TimeSpan limit)
    {
        try
        {
            while (await client.Channel.ReceiveAsync(Stop).AsTask().WaitAsync(limit, Stop) is not null)
            {
            }
        }
        catch (IOException)
        {
            // Ended without a word.
        }
    }

    public async Task PingAsync()
    {
        await client.Channel.SendAsync(MqttPingReqPacket.Instance, Stop);
        MqttPacket? packet;
        do
        {
            packet = await client.Channel.ReceiveAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        }
        while (packet is MqttPublishPacket);
        Assert.IsType<MqttPingRespPacket>(packet);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private async Task SubscribeAsync(params string[] filters)
    {
        await client.Channel.SendAsync(
            new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [.. filters.Select(filter => new MqttTopicFilter { Topic = filter })] }, Stop);
        while (await client.Channel.ReceiveAsync(Stop) is MqttPublishPacket)
        {
            // A result that was not collected before.
        }
    }

    private async Task PublishAsync(string topic, string body) =>
        await client.Channel.SendAsync(new MqttPublishPacket { Topic = topic, PayloadSegment = Encoding.UTF8.GetBytes(body) }, Stop);

    private async Task<MqttPublishPacket> AnswerAsync() =>
        Assert.IsType<MqttPublishPacket>(await client.Channel.ReceiveAsync(Stop).AsTask().WaitAsync(Patience, Stop));
}
