using System.Buffers;
using System.Buffers.Binary;
using Amqp;

namespace Perennial.Server.Amqp;

/// <summary>Where one frame lies in the bytes received (AMQP 1.0 §2.3).</summary>
/// <param name="Kind"><see cref="Performative"/> or <see cref="Sasl"/>.</param>
/// <param name="Channel">The peer's channel.</param>
/// <param name="Body">What follows the headers; empty in a frame that only says that the peer is there.</param>
internal readonly record struct AmqpFrame(byte Kind, ushort Channel, ReadOnlySequence<byte> Body)
{
    public const byte Performative = 0;
    public const byte Sasl = 1;
    public const int HeaderSize = 8;

    /// <summary>Takes one frame off the front of the buffer.</summary>
    /// <returns>False while the frame is incomplete; a header out of bounds throws as soon as it is there.</returns>
    public static bool TryTake(ref ReadOnlySequence<byte> buffer, out AmqpFrame frame)
    {
        frame = default;
        Span<byte> header = stackalloc byte[HeaderSize];
        if (buffer.Length < HeaderSize)
        {
            return false;
        }

        buffer.Slice(0, HeaderSize).CopyTo(header);
        var size = BinaryPrimitives.ReadUInt32BigEndian(header);
        var bodyAt = header[4] * 4;
        if (size is < HeaderSize or > AmqpBounds.MaxFrame || bodyAt < HeaderSize || bodyAt > size || header[5] > Sasl)
        {
            throw new AmqpProtocolException(ErrorCode.FramingError, $"The frame header {Convert.ToHexString(header)} is out of bounds.");
        }

        if (buffer.Length < size)
        {
            return false;
        }

        frame = new AmqpFrame(header[5], BinaryPrimitives.ReadUInt16BigEndian(header[6..]), buffer.Slice(bodyAt, size - bodyAt));
        buffer = buffer.Slice(size);
        return true;
    }
}
