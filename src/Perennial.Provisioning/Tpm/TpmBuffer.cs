using System.Buffers.Binary;

namespace Perennial.Provisioning.Tpm;

/// <summary>Writes the structures of a TPM.</summary>
internal static class TpmBuffer
{
    public static byte[] UInt16(int value)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, checked((ushort)value));
        return bytes;
    }

    public static byte[] UInt32(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>The bytes with their length before them.</summary>
    public static byte[] Sized(ReadOnlySpan<byte> bytes) => [.. UInt16(bytes.Length), .. bytes];
}
