using System.Text.Json;
using System.Text.Json.Nodes;
using MQTTnet.Packets;
using Perennial.Hub.Twins;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;

namespace Perennial.Server.Mqtt;

/// <summary>What a device is told of its twin (hub-protocol §1.5). All of it is sent at quality of service 0.</summary>
internal static class TwinReplies
{
    private const string Version = "$version";

    public static MqttPublishPacket Twin(string requestId, Twin twin) => Packet(
        DeviceboundTopic.TwinResponse(200, requestId),
        WireJson.ToUtf8(new DeviceTwinDocument { Desired = Section(twin.Desired), Reported = Section(twin.Reported) }));

    public static MqttPublishPacket Reported(string requestId, long version) =>
        Packet(DeviceboundTopic.TwinResponse(204, requestId, version), []);

    public static MqttPublishPacket Error(string requestId, HubError error, string message, DateTimeOffset at) => Packet(
        DeviceboundTopic.TwinResponse(error.HttpStatus, requestId), WireJson.ToUtf8(error.ToDocument(message, Guid.NewGuid(), at)));

    public static MqttPublishPacket Error(string requestId, TwinFault fault, DateTimeOffset at) => Error(
        requestId,
        fault.Kind switch
        {
            TwinFaultKind.TooLarge => HubError.MessageTooLarge,
            TwinFaultKind.PreconditionFailed => HubError.PreconditionFailed,
            _ => HubError.ArgumentInvalid,
        },
        fault.Message,
        at);

    public static MqttPublishPacket Desired(DesiredNotice notice) =>
        Packet(DeviceboundTopic.Desired(notice.Version), TwinNodes.ToUtf8(Versioned(notice.Patch, notice.Version)));

    private static JsonObject Section(TwinSection section) => Versioned(section.Values, section.Version);

    private static JsonObject Versioned(JsonElement values, long version)
    {
        var json = TwinNodes.ToObject(values);
        json[Version] = version;
        return json;
    }

    private static MqttPublishPacket Packet(string topic, byte[] payload) => new() { Topic = topic, PayloadSegment = payload };
}
