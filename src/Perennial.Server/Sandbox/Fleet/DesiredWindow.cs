using System.Buffers;
using System.Text.Json.Nodes;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Rolling;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>How a device hears that it is to roll: from its twin, which it asks for after each connect, and from changes to it.</summary>
internal static class DesiredWindow
{
    private const ushort SubscribeId = 1;

    private static readonly string Ask = new HubTopic.TwinGet("1").Format();

    public static async Task AskAsync(DeviceLink connection, CancellationToken cancellationToken)
    {
        var subscribe = new MqttSubscribePacket { PacketIdentifier = SubscribeId };
        foreach (var filter in new[] { HubFilter.TwinResponses, HubFilter.DesiredProperties })
        {
            subscribe.TopicFilters.Add(new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce });
        }

        await connection.SendAsync(subscribe, cancellationToken);
        await connection.SendAsync(new MqttPublishPacket { Topic = Ask }, cancellationToken);
    }

    /// <summary>The window that a packet tells of; null when it tells of none.</summary>
    public static RollWindowDocument? Find(MqttPacket packet)
    {
        if (packet is not MqttPublishPacket publish)
        {
            return null;
        }

        var body = publish.Payload.ToArray();
        return publish.Topic.StartsWith(HubFilter.DesiredProperties[..^1], StringComparison.Ordinal) ? RollWindowDocument.Find(JsonNode.Parse(body) as JsonObject)
            : publish.Topic.StartsWith(HubFilter.TwinResponses[..^1], StringComparison.Ordinal)
                && WireJson.TryParse(body, out DeviceTwinDocument? twin) ? RollWindowDocument.Find(twin.Desired)
            : null;
    }
}
