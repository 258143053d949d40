using System.Numerics;
using System.Security.Cryptography;

namespace Perennial.Provisioning.Tpm;

/// <summary>RSAES-OAEP with SHA-256 and a label, which the platform's own does not take (RFC 8017 §7.1.1).</summary>
internal static class RsaEnvelope
{
    public const int Exponent = 65537;

    private const int Hash = SHA256.HashSizeInBytes;

    public static byte[] Encrypt(BigInteger modulus, ReadOnlySpan<byte> message, ReadOnlySpan<byte> label)
    {
        var seed = RandomNumberGenerator.GetBytes(Hash);
        var block = new byte[TpmPublic.RsaLength - Hash - 1];
        SHA256.HashData(label, block);
        block[^(message.Length + 1)] = 1;
        message.CopyTo(block.AsSpan(block.Length - message.Length));
        Mask(block, seed);
        Mask(seed, block);
        var padded = new BigInteger([0, .. seed, .. block], isUnsigned: true, isBigEndian: true);
        var encrypted = BigInteger.ModPow(padded, Exponent, modulus).ToByteArray(isUnsigned: true, isBigEndian: true);
        var result = new byte[TpmPublic.RsaLength];
        encrypted.CopyTo(result.AsSpan(result.Length - encrypted.Length));
        return result;
    }

    // MGF1 of the seed, over the target.
    private static void Mask(Span<byte> target, ReadOnlySpan<byte> seed)
    {
        for (var counter = 0; counter * Hash < target.Length; counter++)
        {
            var mask = SHA256.HashData([.. seed, .. TpmBuffer.UInt32((uint)counter)]);
            var part = target[(counter * Hash)..];
            for (var i = 0; i < Math.Min(Hash, part.Length); i++)
            {
                part[i] ^= mask[i];
            }
        }
    }
}
