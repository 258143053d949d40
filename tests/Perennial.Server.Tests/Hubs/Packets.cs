using System.Buffers.Binary;
using System.Text;

namespace Perennial.Server.Tests.Hubs;

/// <summary>MQTT packets in bytes, made without the codec under test.</summary>
internal static class Packets
{
    public static readonly byte[] Accepted = [0x20, 2, 0, 0];
    public static readonly byte[] NotAuthorized = [0x20, 2, 0, 5];
    public static readonly byte[] Ping = [0xC0, 0];
    public static readonly byte[] Pong = [0xD0, 0];

    public static byte[] Connect(string id, string? password = null, ushort keepAlive = 60, string? userName = null) => Frame(
        0x10,
        [
            .. Text("MQTT"), 4, (byte)(password is null ? 0x80 : 0xC0), .. Number(keepAlive), .. Text(id),
            .. Text(userName ?? $"hub.example/{id}/?api-version=2021-04-12"), .. password is null ? [] : Text(password),
        ]);

    public static byte[] Subscribe(string filter, ushort packetId, byte qualityOfService = 0) =>
        Frame(0x82, [.. Number(packetId), .. Text(filter), qualityOfService]);

    public static byte[] Acknowledge(ushort packetId) => Frame(0x40, Number(packetId));

    public static byte[] Publish(string topic, byte[] body, ushort packetId) => Frame(0x32, [.. Text(topic), .. Number(packetId), .. body]);

    private static byte[] Frame(byte header, byte[] body)
    {
        var length = new List<byte>();
        for (var rest = body.Length; rest > 0 || length.Count == 0; rest >>= 7)
        {
            length.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
        }

        return [header, .. length, .. body];
    }

    private static byte[] Text(string text) => [.. Number((ushort)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Number(ushort number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }
}
