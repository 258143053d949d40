using System.Buffers.Binary;
using Amqp;

namespace Perennial.Server.Amqp;

/// <summary>
/// Walks an encoded value before it is decoded (AMQP 1.0 §1.2): sizes stay within what holds them, counts within their bytes, depth within
/// <see cref="AmqpBounds.MaxDepth"/>. The codec recurses and allocates by what it reads.
/// </summary>
internal static class AmqpStructure
{
    // Elements that take no bytes, such as an array of empty lists.
    private const int MaxEmptyElements = 256;

    /// <summary>The length of the first value.</summary>
    /// <exception cref="AmqpProtocolException">The bytes are no value.</exception>
    public static int LengthOf(ReadOnlySpan<byte> bytes) => LengthOf(bytes, 0);

    /// <summary>Demands that the bytes are values, one after the other, to their end.</summary>
    /// <exception cref="AmqpProtocolException">They are not.</exception>
    public static void CheckAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[LengthOf(bytes)..];
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> bytes, int depth)
    {
        var code = ByteAt(bytes, 0);
        if (code != 0)
        {
            return 1 + LengthOf(code, bytes[1..], depth);
        }

        CheckDepth(depth);
        var descriptor = LengthOf(bytes[1..], depth + 1);
        return 1 + descriptor + LengthOf(bytes[(1 + descriptor)..], depth + 1);
    }

    /// <summary>The length of what follows the constructor.</summary>
    private static int LengthOf(byte code, ReadOnlySpan<byte> bytes, int depth)
    {
        var length = (code >> 4) switch
        {
            0x4 => 0,
            0x5 => 1,
            0x6 => 2,
            0x7 => 4,
            0x8 => 8,
            0x9 => 16,
            0xA => 1 + ByteAt(bytes, 0),
            0xB => 4 + SizeAt(bytes, 0),
            0xC => 1 + CheckCompound(Take(bytes, 1, ByteAt(bytes, 0)), 1, depth),
            0xD => 4 + CheckCompound(Take(bytes, 4, SizeAt(bytes, 0)), 4, depth),
            0xE => 1 + CheckArray(Take(bytes, 1, ByteAt(bytes, 0)), 1, depth),
            0xF => 4 + CheckArray(Take(bytes, 4, SizeAt(bytes, 0)), 4, depth),
            _ => throw Broken($"There is no constructor 0x{code:X2}."),
        };
        return length <= bytes.Length ? length : throw Broken("A value is longer than what holds it.");
    }

    private static int CheckCompound(ReadOnlySpan<byte> content, int width, int depth)
    {
        CheckDepth(depth);
        var count = CountAt(content, width);
        var items = content[width..];
        for (var i = 0; i < count; i++)
        {
            items = items[LengthOf(items, depth + 1)..];
        }

        return items.IsEmpty ? content.Length : throw Broken("A list or map holds more bytes than items.");
    }

    private static int CheckArray(ReadOnlySpan<byte> content, int width, int depth)
    {
        CheckDepth(depth);
        var count = CountAt(content, width);
        var elements = content[width..];
        while (ByteAt(elements, 0) == 0)
        {
            elements = elements[(1 + LengthOf(elements[1..], depth + 1))..];
        }

        var code = elements[0];
        elements = elements[1..];
        if (code >> 4 == 4 && count > MaxEmptyElements)
        {
            throw Broken("An array has too many elements without bytes.");
        }

        for (var i = 0; i < count; i++)
        {
            elements = elements[LengthOf(code, elements, depth + 1)..];
        }

        return elements.IsEmpty ? content.Length : throw Broken("An array holds more bytes than elements.");
    }

    private static void CheckDepth(int depth)
    {
        if (depth >= AmqpBounds.MaxDepth)
        {
            throw Broken("Values stand too deep in each other.");
        }
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, int from, int length) =>
        length <= bytes.Length - from ? bytes.Slice(from, length) : throw Broken("A value is longer than what holds it.");

    private static int CountAt(ReadOnlySpan<byte> content, int width) => width == 1 ? ByteAt(content, 0) : SizeAt(content, 0);

    private static byte ByteAt(ReadOnlySpan<byte> bytes, int at) => at < bytes.Length ? bytes[at] : throw Broken("A value is cut off.");

    private static int SizeAt(ReadOnlySpan<byte> bytes, int at) =>
        at + 4 <= bytes.Length && BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) is <= AmqpBounds.MaxMessage and var size
            ? (int)size
            : throw Broken("A size is cut off or out of bounds.");

    private static AmqpProtocolException Broken(string message) => new(ErrorCode.DecodeError, message);
}
