using MQTTnet.Packets;
using Perennial.Hub.Twins;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;

namespace Perennial.Server.Mqtt;

/// <summary>The packets that tell a device of its twin (hub-protocol §1.5). All of them are sent at quality of service 0.</summary>
internal static class TwinReplies
{
    public static MqttPublishPacket Answer(string requestId, TwinAnswer answer) =>
        Packet(DeviceboundTopic.TwinResponse(answer.Status, requestId, answer.Version), answer.Body);

    public static MqttPublishPacket Desired(DesiredNotice notice) => Packet(DeviceboundTopic.Desired(notice.Version), TwinAnswer.Desired(notice));

    private static MqttPublishPacket Packet(string topic, byte[] payload) => new() { Topic = topic, PayloadSegment = payload };
}
