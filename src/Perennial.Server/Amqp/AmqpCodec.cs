using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Perennial.Server.Amqp;

/// <summary>Frames and messages by AMQPNetLite's codec, checked before they are decoded.</summary>
internal static class AmqpCodec
{
    // The codec knows the performatives once one of them was made.
    static AmqpCodec() => _ = new Open();

    public static ReceivedFrame Decode(in AmqpFrame frame)
    {
        if (frame.Body.IsEmpty)
        {
            return new ReceivedFrame(frame.Kind, frame.Channel, null, default);
        }

        var body = frame.Body.ToArray();
        var length = AmqpStructure.LengthOf(body);
        var performative = Decoding(new ByteBuffer(body, 0, length, length), ReadDescribed);
        return performative is DescribedList known
            ? new ReceivedFrame(frame.Kind, frame.Channel, known, body.AsMemory(length))
            : throw new AmqpProtocolException(ErrorCode.NotImplemented, "The performative is unknown.");
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="AmqpProtocolException">The bytes are no message.</exception>
    public static Message DecodeMessage(ReadOnlyMemory<byte> bytes)
    {
        AmqpStructure.CheckAll(bytes.Span);
        var held = MemoryMarshal.TryGetArray(bytes, out var segment) ? segment : new ArraySegment<byte>(bytes.ToArray());
        return Decoding(new ByteBuffer(held.Array, held.Offset, held.Count, held.Count), Message.Decode);
    }

    /// <summary>Appends a frame.</summary>
    public static void Encode(byte kind, ushort channel, DescribedList? performative, ReadOnlySpan<byte> payload, ByteBuffer scratch, IBufferWriter<byte> to)
    {
        scratch.Reset();
        performative?.Encode(scratch);
        var header = to.GetSpan(AmqpFrame.HeaderSize);
        BinaryPrimitives.WriteInt32BigEndian(header, AmqpFrame.HeaderSize + scratch.Length + payload.Length);
        header[4] = AmqpFrame.HeaderSize / 4;
        header[5] = kind;
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], channel);
        to.Advance(AmqpFrame.HeaderSize);
        to.Write(scratch.Buffer.AsSpan(scratch.Offset, scratch.Length));
        to.Write(payload);
    }

    private static object ReadDescribed(ByteBuffer buffer) =>
        global::Amqp.Types.Encoder.ReadDescribed(buffer, global::Amqp.Types.Encoder.ReadFormatCode(buffer));

    // The codec throws whatever comes to it for a value of a wrong type, wherever that is met.
    private static T Decoding<T>(ByteBuffer buffer, Func<ByteBuffer, T> decode)
    {
        try
        {
            return decode(buffer);
        }
        catch (Exception exception)
        {
            throw new AmqpProtocolException(ErrorCode.DecodeError, $"A value cannot be decoded: {exception.Message}", exception);
        }
    }
}
