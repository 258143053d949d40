using System.Buffers;
using MQTTnet.Protocol;

namespace Perennial.Server.Mqtt;

/// <summary>What must be known of the first packet before its body is decoded (MQTT 3.1.1 §3.1).</summary>
internal static class MqttConnectRules
{
    private static ReadOnlySpan<byte> Name => [0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T'];

    private static ReadOnlySpan<byte> OldName => [0, 6, (byte)'M', (byte)'Q', (byte)'I', (byte)'s', (byte)'d', (byte)'p'];

    /// <summary>Demands a CONNECT of MQTT 3.1.1.</summary>
    public static void CheckFirst(in MqttFrame frame)
    {
        if (frame.Type != MqttControlPacketType.Connect)
        {
            throw new MqttProtocolException($"The first packet is {frame.Type}, not CONNECT.");
        }

        Span<byte> start = stackalloc byte[9];
        start = start[..(int)Math.Min(start.Length, frame.Body.Length)];
        frame.Body.Slice(0, start.Length).CopyTo(start);
        if (start.StartsWith(OldName) || (start.StartsWith(Name) && start[Name.Length] != 4))
        {
            throw new MqttProtocolException("The CONNECT is not MQTT 3.1.1.") { IsUnknownProtocolLevel = true };
        }

        if (!start.StartsWith(Name))
        {
            throw new MqttProtocolException("The CONNECT names another protocol.");
        }

        CheckFlags(start[7]);
    }

    private static void CheckFlags(byte flags)
    {
        const int will = 0x04, willDetails = 0x38, password = 0x40, user = 0x80, bothWillLevels = 0x18;
        var legal = (flags & 1) == 0
            && ((flags & will) != 0 || (flags & willDetails) == 0)
            && (flags & bothWillLevels) != bothWillLevels
            && ((flags & user) != 0 || (flags & password) == 0);
        if (!legal)
        {
            throw new MqttProtocolException($"The CONNECT flags 0x{flags:X2} contradict each other.");
        }
    }
}
