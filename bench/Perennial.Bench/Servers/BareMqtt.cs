using System.Buffers;

namespace Perennial.Bench.Servers;

/// <summary>The least that MQTT clients of the bench take for an answer: one packet, whole in one read.</summary>
internal static class BareMqtt
{
    private const int Connect = 1;

    private const int Publish = 3;

    /// <returns>CONNACK to CONNECT, PUBACK to PUBLISH at quality of service 1, one byte to anything else.</returns>
    public static byte[] Answer(in ReadOnlySequence<byte> packet)
    {
        var reader = new SequenceReader<byte>(packet);
        reader.TryRead(out var first);
        switch (first >> 4)
        {
            case Connect:
                return [0x20, 2, 0, 0];
            case Publish:
                SkipLength(ref reader);
                reader.TryReadBigEndian(out short topic);
                reader.Advance(topic);
                reader.TryRead(out var high);
                reader.TryRead(out var low);
                return [0x40, 2, high, low];
            default:
                return "!"u8.ToArray();
        }
    }

    // The remaining length, of which each byte but the last has its highest bit set (MQTT 3.1.1, section 2.2.3).
    private static void SkipLength(ref SequenceReader<byte> reader)
    {
        while (reader.TryRead(out var part) && (part & 0x80) != 0)
        {
        }
    }
}
