using MQTTnet.Packets;

namespace Perennial.Server.Mqtt;

/// <summary>A publish of the device that is not yet answered.</summary>
/// <param name="PacketId">What to acknowledge; null at quality of service 0.</param>
/// <param name="Size">What it holds in memory.</param>
/// <param name="Stored">Ends when what it carries is on disk.</param>
/// <param name="Reply">Work that is done in turn and makes a reply, which follows the acknowledgement.</param>
internal sealed record PendingPublish(ushort? PacketId, int Size, Task Stored, Func<Task<MqttPublishPacket?>>? Reply);
