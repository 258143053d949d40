using Amqp;

namespace Perennial.Server.Amqp;

/// <summary>A message of the peer, whole.</summary>
/// <param name="Format">The message format; 0 for a plain message.</param>
/// <param name="Bytes">As it was encoded, at most <see cref="AmqpBounds.MaxMessage"/>.</param>
internal sealed record IncomingMessage(uint Format, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="AmqpProtocolException">The bytes are no message.</exception>
    public Message Decode() => AmqpCodec.DecodeMessage(Bytes);
}
