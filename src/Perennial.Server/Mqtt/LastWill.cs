using MQTTnet.Packets;
using Perennial.Protocol.Hub;

namespace Perennial.Server.Mqtt;

/// <summary>The message that a device leaves for the case that its connection breaks (hub-protocol §1.7).</summary>
internal sealed record LastWill(MessageProperties Properties, ReadOnlyMemory<byte> Body)
{
    private const string Will = "Will";

    /// <summary>The will of a CONNECT; one with another topic than the client's own events is passed over.</summary>
    public static LastWill? Of(MqttConnectPacket connect, DeviceId device, string? module) =>
        connect.WillFlag && HubTopic.TryParse(connect.WillTopic, out var topic) && topic is HubTopic.Telemetry telemetry
            && telemetry.DeviceId == device && telemetry.ModuleId == module
            ? new LastWill(telemetry.Properties.With(StampedProperty.MessageType, Will), connect.WillMessage ?? [])
            : null;
}
