using System.Buffers;
using MQTTnet.Protocol;

namespace Perennial.Server.Mqtt;

/// <summary>Where one packet lies in the bytes received: fixed header, then body (MQTT 3.1.1 §2.2).</summary>
internal readonly record struct MqttFrame(byte Header, ReadOnlySequence<byte> Body)
{
    /// <summary>Bytes of the largest body: the hub's 256 KB message with its topic.</summary>
    public const int MaxBody = (256 + 64) * 1024;

    /// <summary>Bytes of the largest body of a packet without payload.</summary>
    public const int MaxControlBody = 64 * 1024;

    private const int MaxFilterBody = 16 * 1024;

    public MqttControlPacketType Type => (MqttControlPacketType)(Header >> 4);

    /// <summary>Takes one packet off the front of the buffer.</summary>
    /// <returns>False while the packet is incomplete; a length out of bounds throws as soon as its header is there.</returns>
    public static bool TryTake(ref ReadOnlySequence<byte> buffer, MqttEnd end, out MqttFrame frame)
    {
        frame = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var header))
        {
            return false;
        }

        CheckHeader(header, end);
        if (!TryReadLength(ref reader, out var length))
        {
            return false;
        }

        CheckLength((MqttControlPacketType)(header >> 4), length);
        if (reader.Remaining < length)
        {
            return false;
        }

        frame = new MqttFrame(header, buffer.Slice(reader.Position, length));
        buffer = buffer.Slice(frame.Body.End);
        return true;
    }

    private static bool TryReadLength(ref SequenceReader<byte> reader, out int length)
    {
        length = 0;
        for (var shift = 0; shift <= 21; shift += 7)
        {
            if (!reader.TryRead(out var part))
            {
                return false;
            }

            length |= (part & 0x7F) << shift;
            if ((part & 0x80) == 0)
            {
                return true;
            }
        }

        throw new MqttProtocolException("The remaining length has more than four bytes.");
    }

    private static void CheckHeader(byte header, MqttEnd end)
    {
        var type = (MqttControlPacketType)(header >> 4);
        var flags = header & 0x0F;
        var legal = type switch
        {
            MqttControlPacketType.Publish => (flags & 0x06) != 0x06,
            MqttControlPacketType.PubRel => flags == 2,
            MqttControlPacketType.Subscribe or MqttControlPacketType.Unsubscribe => end == MqttEnd.Server && flags == 2,
            MqttControlPacketType.Connect or MqttControlPacketType.PingReq or MqttControlPacketType.Disconnect => end == MqttEnd.Server && flags == 0,
            MqttControlPacketType.ConnAck or MqttControlPacketType.SubAck or MqttControlPacketType.UnsubAck or MqttControlPacketType.PingResp =>
                end == MqttEnd.Client && flags == 0,
            MqttControlPacketType.PubAck or MqttControlPacketType.PubRec or MqttControlPacketType.PubComp => flags == 0,
            _ => false,
        };
        if (!legal)
        {
            throw new MqttProtocolException($"The packet header 0x{header:X2} is not one this end may receive.");
        }
    }

    private static void CheckLength(MqttControlPacketType type, int length)
    {
        var (least, most) = type switch
        {
            MqttControlPacketType.Publish => (2, MaxBody),
            MqttControlPacketType.Connect => (10, MaxControlBody),
            MqttControlPacketType.Subscribe or MqttControlPacketType.Unsubscribe or MqttControlPacketType.SubAck => (3, MaxFilterBody),
            MqttControlPacketType.PingReq or MqttControlPacketType.PingResp or MqttControlPacketType.Disconnect => (0, 0),
            _ => (2, 2),
        };
        if (length < least || length > most)
        {
            throw new MqttProtocolException($"A {type} packet of {length} bytes is not between {least} and {most}.");
        }
    }
}
