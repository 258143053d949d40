using System.Globalization;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>One telemetry message of a device: its number is its body.</summary>
internal sealed class OutgoingMessage(string deviceId, long number)
{
    private bool _wasSent;

    public long Number => number;

    public ushort PacketId { get; } = (ushort)((number % ushort.MaxValue) + 1);

    /// <summary>The packet to send now; marked as a duplicate from the second time on.</summary>
    public MqttPublishPacket NextPacket()
    {
        var packet = new MqttPublishPacket
        {
            Topic = $"devices/{deviceId}/messages/events/%24.ct=text%2Fplain&%24.ce=utf-8",
            PayloadSegment = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            PacketIdentifier = PacketId,
            Dup = _wasSent,
        };
        _wasSent = true;
        return packet;
    }
}
