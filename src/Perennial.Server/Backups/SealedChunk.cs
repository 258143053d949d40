using System.Buffers.Binary;

namespace Perennial.Server.Backups;

/// <summary>The sizes of chunks, and the nonce of each: its number, and whether it is the last one, so that nothing can be cut off or swapped.</summary>
internal static class SealedChunk
{
    public const int Length = 64 * 1024;

    public const int TagLength = 16;

    public static byte[] Nonce(long number, bool isLast)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce, number);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
        return nonce;
    }
}
