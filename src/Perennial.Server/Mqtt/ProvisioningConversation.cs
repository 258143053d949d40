using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Connections;
using Perennial.Server.Http;
using Perennial.Server.Instances;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Mqtt;

/// <summary>What one device and the provisioning service say to each other after CONNACK.</summary>
internal sealed class ProvisioningConversation(
    DeviceConnection connection, RegistrationId announced, FirstReply firstReply, AnswerDevice answers)
{
    private readonly MqttChannel _channel = connection.Channel;

    private readonly PresentedProof _proof = PresentedProof.Of(
        connection.Presented, connection.Connect.Password is { Length: > 0 } password ? Encoding.UTF8.GetString(password) : null);

    private MqttQualityOfServiceLevel? _granted;
    private ushort _lastPacketId;

    /// <summary>Answers one packet.</summary>
    /// <returns>False when the connection is to end.</returns>
    public async ValueTask<bool> TakeAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        switch (packet)
        {
            case MqttSubscribePacket subscribe:
                await _channel.SendAsync(Subscribe(subscribe), cancellationToken);
                return true;
            case MqttUnsubscribePacket unsubscribe:
                _granted = unsubscribe.TopicFilters.Contains(ProvisioningReplyTopic.Filter, StringComparer.Ordinal) ? null : _granted;
                await _channel.SendAsync(new MqttUnsubAckPacket { PacketIdentifier = unsubscribe.PacketIdentifier }, cancellationToken);
                return true;
            case MqttPublishPacket publish:
                return await AnswerAsync(publish, cancellationToken);
            case MqttPingReqPacket:
                await _channel.SendAsync(MqttPingRespPacket.Instance, cancellationToken);
                return true;
            case MqttPubAckPacket:
                return true;
            case MqttDisconnectPacket:
                return false;
            default:
                throw new MqttProtocolException($"{packet.GetType().Name} does not belong on a connection of the provisioning service.");
        }
    }

    private MqttSubAckPacket Subscribe(MqttSubscribePacket subscribe)
    {
        var answer = new MqttSubAckPacket { PacketIdentifier = subscribe.PacketIdentifier, ReasonCodes = [] };
        foreach (var filter in subscribe.TopicFilters)
        {
            if (filter.Topic == ProvisioningReplyTopic.Filter)
            {
                var asked = filter.QualityOfServiceLevel;
                _granted = asked > MqttQualityOfServiceLevel.AtLeastOnce ? MqttQualityOfServiceLevel.AtLeastOnce : asked;
                answer.ReasonCodes.Add((MqttSubscribeReasonCode)_granted);
            }
            else
            {
                answer.ReasonCodes.Add(MqttSubscribeReasonCode.UnspecifiedError);
            }
        }

        return answer;
    }

    private async ValueTask<bool> AnswerAsync(MqttPublishPacket publish, CancellationToken cancellationToken)
    {
        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.ExactlyOnce || !ProvisioningTopic.TryParse(publish.Topic, out var topic))
        {
            throw new MqttProtocolException("A PUBLISH of quality of service 2, or to a topic that is none of the provisioning service.");
        }

        var reply = _granted is { } level ? Reply(topic, await AskAsync(topic, publish, cancellationToken), level) : null;
        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
        {
            await _channel.SendAsync(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier }, reply, cancellationToken);
        }
        else if (reply is not null)
        {
            await _channel.SendAsync(reply, cancellationToken);
        }

        return true;
    }

    private async Task<DeviceAnswer> AskAsync(ProvisioningTopic topic, MqttPublishPacket publish, CancellationToken cancellationToken)
    {
        if (topic is ProvisioningTopic.Poll poll)
        {
            return await answers.PollAsync(announced, _proof, poll.OperationId, cancellationToken);
        }

        var answer = await answers.RegisterAsync(announced, _proof, publish.Payload.ToArray(), cancellationToken);
        return answer.AsFirst(firstReply);
    }

    private MqttPublishPacket Reply(ProvisioningTopic topic, DeviceAnswer answer, MqttQualityOfServiceLevel level)
    {
        _lastPacketId = _lastPacketId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastPacketId + 1);
        return new MqttPublishPacket
        {
            Topic = new ProvisioningReplyTopic(answer.Status, topic.RequestId, answer.RetryAfter).Format(),
            QualityOfServiceLevel = level,
            PacketIdentifier = level == MqttQualityOfServiceLevel.AtMostOnce ? (ushort)0 : _lastPacketId,
            Payload = new ReadOnlySequence<byte>(answer.Body),
        };
    }
}
