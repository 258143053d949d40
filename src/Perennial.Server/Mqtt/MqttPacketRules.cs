using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Perennial.Server.Mqtt;

/// <summary>What MQTT 3.1.1 demands of a decoded packet beyond what the codec looks at.</summary>
internal static class MqttPacketRules
{
    public static void Check(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttConnectPacket connect:
                CheckText(connect.ClientId);
                CheckText(connect.Username);
                break;
            case MqttPublishPacket publish:
                CheckText(publish.Topic);
                Demand(!string.IsNullOrEmpty(publish.Topic), "A PUBLISH needs a topic.");
                Demand(publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce || publish.PacketIdentifier != 0, "A packet id must not be 0.");
                break;
            case MqttSubscribePacket subscribe:
                CheckId(subscribe);
                Demand(subscribe.TopicFilters.Count > 0, "A SUBSCRIBE needs a filter.");
                subscribe.TopicFilters.ForEach(filter => CheckFilter(filter.Topic, filter.QualityOfServiceLevel));
                break;
            case MqttUnsubscribePacket unsubscribe:
                CheckId(unsubscribe);
                Demand(unsubscribe.TopicFilters.Count > 0, "An UNSUBSCRIBE needs a filter.");
                unsubscribe.TopicFilters.ForEach(filter => CheckFilter(filter, MqttQualityOfServiceLevel.AtMostOnce));
                break;
            case MqttPacketWithIdentifier identified:
                CheckId(identified);
                break;
            default:
                break;
        }
    }

    private static void CheckFilter(string filter, MqttQualityOfServiceLevel level)
    {
        CheckText(filter);
        Demand(filter.Length > 0, "A topic filter must not be empty.");
        Demand(level <= MqttQualityOfServiceLevel.ExactlyOnce, "There is no quality of service above 2.");
    }

    private static void CheckId(MqttPacketWithIdentifier packet) => Demand(packet.PacketIdentifier != 0, "A packet id must not be 0.");

    // The codec turns what is not UTF-8 into U+FFFD; nobody's topic or name has it on purpose.
    private static void CheckText(string? text) =>
        Demand(text is null || text.AsSpan().IndexOfAny('\0', '\uFFFD') < 0, "A text is not UTF-8 or holds NUL.");

    private static void Demand(bool isMet, string otherwise)
    {
        if (!isMet)
        {
            throw new MqttProtocolException(otherwise);
        }
    }
}
