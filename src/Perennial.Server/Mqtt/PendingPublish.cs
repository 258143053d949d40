using MQTTnet.Packets;

namespace Perennial.Server.Mqtt;

/// <summary>A publish of the device that is not yet answered.</summary>
/// <param name="PacketId">What to acknowledge; null at quality of service 0.</param>
/// <param name="Size">What it holds in memory.</param>
/// <param name="Store">Puts what it carries on disk; null when it carries nothing to keep.</param>
/// <param name="Reply">Work that is done in turn and makes a reply, which follows the acknowledgement.</param>
/// <param name="Answered">Told once acknowledgement and reply are sent; null for nobody.</param>
internal sealed record PendingPublish(
    ushort? PacketId, int Size, Func<Task>? Store, Func<Task<MqttPublishPacket?>>? Reply, Action? Answered = null);
