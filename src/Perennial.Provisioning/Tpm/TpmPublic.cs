using System.Numerics;
using System.Security.Cryptography;

namespace Perennial.Provisioning.Tpm;

/// <summary>
/// The public area of a storage key of a TPM (TPM2B_PUBLIC): an endorsement key or a storage root key. RSA of 2,048 bits or NIST P-256,
/// named by SHA-256, protecting with AES-128 in CFB mode, made in its TPM and never leaving it.
/// </summary>
public sealed class TpmPublic : IEquatable<TpmPublic>
{
    /// <summary>The most bytes that are read.</summary>
    public const int MaxLength = 512;

    /// <summary>The most characters of base64 that are read.</summary>
    public const int MaxTextLength = 1024;

    internal const int RsaLength = 256;

    private const int CoordinateLength = 32;

    // fixedTPM, fixedParent, sensitiveDataOrigin, restricted, decrypt; and neither sign nor what has no meaning.
    private const uint Demanded = 0x0003_0032;
    private const uint Forbidden = 0xFFFC_F309;

    private TpmPublic(byte[] bytes, BigInteger modulus, ECPoint? point)
    {
        Bytes = bytes;
        Modulus = modulus;
        Point = point;
        Name = [.. TpmBuffer.UInt16(TpmAlgorithm.Sha256), .. SHA256.HashData(bytes.AsSpan(sizeof(ushort)))];
    }

    /// <summary>As it was given, with its length before it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>By which a TPM knows the key: algorithm and hash.</summary>
    internal byte[] Name { get; }

    /// <summary>Of an RSA key.</summary>
    internal BigInteger Modulus { get; }

    /// <summary>Of a P-256 key; null for RSA.</summary>
    internal ECPoint? Point { get; }

    /// <summary>Reads base64 of the structure.</summary>
    public static bool TryParse([NotNullWhen(true)] string? base64, [NotNullWhen(true)] out TpmPublic? key)
    {
        key = null;
        Span<byte> bytes = stackalloc byte[MaxTextLength];
        return base64 is { Length: > 0 and <= MaxTextLength }
            && Convert.TryFromBase64String(base64, bytes, out var length)
            && TryRead(bytes[..length], out key);
    }

    /// <summary>Reads the structure; every field must be one that is understood, and nothing may follow.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TpmPublic? key)
    {
        key = null;
        var outer = new TpmReader(bytes);
        if (bytes.Length > MaxLength || !outer.TrySized(MaxLength, out var area) || !outer.IsAtEnd)
        {
            return false;
        }

        var reader = new TpmReader(area);
        if (!reader.TryUInt16(out var type)
            || !reader.Expect(TpmAlgorithm.Sha256)
            || !reader.TryUInt32(out var attributes)
            || (attributes & (Demanded | Forbidden)) != Demanded
            || !reader.TrySized(SHA256.HashSizeInBytes, out _)
            || !reader.Expect(TpmAlgorithm.Aes, 128, TpmAlgorithm.Cfb, TpmAlgorithm.Null))
        {
            return false;
        }

        key = type switch
        {
            TpmAlgorithm.Rsa when TryModulus(ref reader, out var modulus) && reader.IsAtEnd => new TpmPublic(bytes.ToArray(), modulus, null),
            TpmAlgorithm.Ecc when TryPoint(ref reader, out var point) && reader.IsAtEnd => new TpmPublic(bytes.ToArray(), default, point),
            _ => null,
        };
        return key is not null;
    }

    /// <summary>As clients and tools write it.</summary>
    public string ToBase64() => Convert.ToBase64String(Bytes.Span);

    public bool Equals(TpmPublic? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override bool Equals(object? obj) => Equals(obj as TpmPublic);

    public override int GetHashCode() => BitConverter.ToInt32(Name, sizeof(ushort));

    private static bool TryModulus(ref TpmReader reader, out BigInteger modulus)
    {
        modulus = default;
        if (!reader.Expect(RsaLength * 8)
            || !reader.TryUInt32(out var exponent)
            || exponent is not (0 or RsaEnvelope.Exponent)
            || !reader.TrySized(RsaLength, out var unique)
            || unique.Length != RsaLength
            || unique[0] < 0x80
            || unique[^1] % 2 == 0)
        {
            return false;
        }

        modulus = new BigInteger(unique, isUnsigned: true, isBigEndian: true);
        return true;
    }

    private static bool TryPoint(ref TpmReader reader, out ECPoint point)
    {
        point = default;
        if (!reader.Expect(TpmAlgorithm.NistP256, TpmAlgorithm.Null)
            || !reader.TrySized(CoordinateLength, out var x)
            || !reader.TrySized(CoordinateLength, out var y))
        {
            return false;
        }

        point = new ECPoint { X = Padded(x), Y = Padded(y) };
        return EccEnvelope.IsOnCurve(point);
    }

    private static byte[] Padded(ReadOnlySpan<byte> coordinate)
    {
        var padded = new byte[CoordinateLength];
        coordinate.CopyTo(padded.AsSpan(CoordinateLength - coordinate.Length));
        return padded;
    }
}
