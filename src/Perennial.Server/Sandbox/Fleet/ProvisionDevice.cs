using System.Buffers;
using System.Globalization;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>A device asks over MQTT where it belongs: connect, subscribe, register, poll until the answer is final.</summary>
internal sealed class ProvisionDevice(ServerAddress server, string host, string idScope, TimeProvider time)
{
    private const ushort SubscribeId = 1;

    public async Task<ProvisioningAnswer> RunAsync(string registrationId, DeviceCredential credential, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(DeviceLink.Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        await using var connection = await DeviceLink.OpenAsync(server, host, credential, time, both.Token);
        var id = RegistrationId.Parse(registrationId, CultureInfo.InvariantCulture);
        var user = ProvisioningUserName.Format(idScope, id, SandboxDevice.ClientType);
        var code = await connection.ConnectAsync(registrationId, user, cleanSession: true, both.Token);
        if (code != MqttConnectReturnCode.ConnectionAccepted)
        {
            return new ProvisioningAnswer.Refused(
                code is { } given ? $"provisioning: CONNACK {(int)given}" : "provisioning: closed without an answer",
                code is MqttConnectReturnCode.ConnectionRefusedNotAuthorized or MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword);
        }

        await SubscribeAsync(connection, both.Token);
        var answer = await RegisterAsync(connection, both.Token);
        await connection.DisconnectAsync();
        return answer;
    }

    private static async Task SubscribeAsync(DeviceLink connection, CancellationToken cancellationToken)
    {
        var subscribe = new MqttSubscribePacket { PacketIdentifier = SubscribeId };
        subscribe.TopicFilters.Add(new MqttTopicFilter
        {
            Topic = ProvisioningReplyTopic.Filter,
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        });
        await connection.SendAsync(subscribe, cancellationToken);
        if (await connection.ReceiveAsync(cancellationToken) is not MqttSubAckPacket)
        {
            throw new IOException("The provisioning service did not answer the subscription.");
        }
    }

    private async Task<ProvisioningAnswer> RegisterAsync(DeviceLink connection, CancellationToken cancellationToken)
    {
        ProvisioningTopic ask = new ProvisioningTopic.Register("1");
        for (ushort id = SubscribeId + 1; ; id++)
        {
            var (topic, body) = await AskAsync(connection, ask, id, cancellationToken);
            if (!WireJson.TryParse(body, out RegistrationOperationStatus? status))
            {
                return new ProvisioningAnswer.Refused(
                    string.Create(CultureInfo.InvariantCulture, $"provisioning: {topic.Status}"), topic.Status is >= 400 and < 500 and not 429);
            }

            if (status.Status == RegistrationStatus.Assigned && status.RegistrationState is { AssignedHub: { } hub, DeviceId: { } device })
            {
                return new ProvisioningAnswer.Assigned(hub, device);
            }

            if (status.Status != RegistrationStatus.Assigning)
            {
                return new ProvisioningAnswer.Refused($"provisioning: {status.Status}", IsUnauthorized: true);
            }

            ask = new ProvisioningTopic.Poll(id.ToString(CultureInfo.InvariantCulture), status.OperationId);
            await Task.Delay(topic.RetryAfter ?? TimeSpan.FromSeconds(2), time, cancellationToken);
        }
    }

    private static async Task<(ProvisioningReplyTopic Topic, byte[] Body)> AskAsync(
        DeviceLink connection, ProvisioningTopic ask, ushort packetId, CancellationToken cancellationToken)
    {
        await connection.SendAsync(
            new MqttPublishPacket { Topic = ask.Format(), PacketIdentifier = packetId, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce },
            cancellationToken);
        while (await connection.ReceiveAsync(cancellationToken) is { } packet)
        {
            if (packet is not MqttPublishPacket reply || !ProvisioningReplyTopic.TryParse(reply.Topic, out var topic))
            {
                continue;
            }

            if (reply.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
            {
                await connection.SendAsync(new MqttPubAckPacket { PacketIdentifier = reply.PacketIdentifier }, cancellationToken);
            }

            return (topic, reply.Payload.ToArray());
        }

        throw new IOException("The provisioning service ended the connection.");
    }
}
