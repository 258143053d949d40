using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Perennial.X509;

/// <summary>The SHA-256 of one DER encoding; names a certificate without doubt.</summary>
/// <remarks>The default value is no thumbprint: reading it throws <see cref="InvalidOperationException"/>.</remarks>
public readonly record struct Thumbprint : ISpanParsable<Thumbprint>
{
    /// <summary>Bytes in a thumbprint.</summary>
    public const int Length = 32;

    /// <summary>Characters in its text form.</summary>
    public const int TextLength = 2 * Length;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private Thumbprint(ReadOnlySpan<byte> hash)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(hash);
        _b = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]);
    }

    private bool IsDefault => (_a | _b | _c | _d) == 0;

    /// <summary>Hashes one DER encoding.</summary>
    /// <param name="der">The bytes to hash.</param>
    public static Thumbprint Of(ReadOnlySpan<byte> der)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(der, hash);
        return new(hash);
    }

    /// <summary>Takes up a stored SHA-256 value.</summary>
    /// <param name="hash">Exactly 32 bytes, not all zero.</param>
    /// <exception cref="ArgumentException">The bytes are no SHA-256 value.</exception>
    public static Thumbprint FromBytes(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != Length)
        {
            throw new ArgumentException($"A thumbprint is {Length} bytes, not {hash.Length}.", nameof(hash));
        }

        var value = new Thumbprint(hash);
        return value.IsDefault ? throw new ArgumentException("A thumbprint of zeros names nothing.", nameof(hash)) : value;
    }

    /// <inheritdoc />
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Thumbprint result)
    {
        result = default;
        Span<byte> hash = stackalloc byte[Length];
        if (s.Length != TextLength || Convert.FromHexString(s, hash, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        result = new(hash);
        return !result.IsDefault;
    }

    /// <summary>Reads 64 hexadecimal digits, upper or lower case.</summary>
    /// <param name="s">The text.</param>
    /// <param name="result">The thumbprint, when the answer is true.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, out Thumbprint result) => TryParse(s.AsSpan(), null, out result);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Thumbprint result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc />
    public static Thumbprint Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException("A thumbprint is 64 hexadecimal digits (SHA-256).");

    /// <inheritdoc />
    public static Thumbprint Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        ThrowIfDefault();
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>The 32 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>64 upper-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[Length];
        CopyTo(hash);
        return Convert.ToHexString(hash);
    }

    private void ThrowIfDefault()
    {
        if (IsDefault)
        {
            throw new InvalidOperationException("This thumbprint was never set.");
        }
    }
}
