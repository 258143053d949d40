namespace Perennial.Server.Amqp;

/// <summary>The eight bytes with which a layer of AMQP begins (AMQP 1.0 §2.2, §5.3.2).</summary>
internal static class ProtocolHeader
{
    public const int Length = 8;

    public static ReadOnlyMemory<byte> Amqp { get; } = "AMQP\0\u0001\0\0"u8.ToArray();

    public static ReadOnlyMemory<byte> Sasl { get; } = "AMQP\u0003\u0001\0\0"u8.ToArray();
}
