using System.Buffers.Binary;

namespace Perennial.Provisioning.Tpm;

/// <summary>Reads the structures of a TPM: big-endian integers and buffers with a length of 16 bits before them.</summary>
internal ref struct TpmReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool TryUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(ushort)..];
        return true;
    }

    public bool TryUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(uint)..];
        return true;
    }

    /// <summary>Reads a buffer of at most so many bytes.</summary>
    public bool TrySized(int max, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryUInt16(out var length) || length > max || length > _rest.Length)
        {
            return false;
        }

        value = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    /// <summary>Whether the next integers are exactly these.</summary>
    public bool Expect(params ReadOnlySpan<ushort> values)
    {
        foreach (var expected in values)
        {
            if (!TryUInt16(out var value) || value != expected)
            {
                return false;
            }
        }

        return true;
    }
}
