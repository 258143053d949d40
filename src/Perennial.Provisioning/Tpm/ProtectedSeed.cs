using System.Security.Cryptography;

namespace Perennial.Provisioning.Tpm;

/// <summary>A seed that only the TPM with a storage key can read, and what is sealed under it.</summary>
internal sealed class ProtectedSeed
{
    private const int AesLength = 16;

    private readonly byte[] _seed;

    private ProtectedSeed(byte[] seed, byte[] secret)
    {
        _seed = seed;
        Secret = secret;
    }

    /// <summary>The seed, encrypted to the storage key.</summary>
    public byte[] Secret { get; }

    /// <param name="key">The storage key.</param>
    /// <param name="label">What the seed is for: IDENTITY or DUPLICATE.</param>
    public static ProtectedSeed For(TpmPublic key, string label)
    {
        if (key.Point is { } point)
        {
            var (agreed, secret) = EccEnvelope.Agree(point, label);
            return new ProtectedSeed(agreed, secret);
        }

        var seed = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
        return new ProtectedSeed(seed, RsaEnvelope.Encrypt(key.Modulus, seed, TpmKeyDerivation.Label(label)));
    }

    /// <summary>Encrypts, and binds what is encrypted to the object's name.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> name)
    {
        var encrypted = Cfb(TpmKeyDerivation.Kdfa(_seed, "STORAGE", name, AesLength), plain);
        byte[] bound = [.. encrypted, .. name];
        var integrity = HMACSHA256.HashData(TpmKeyDerivation.Kdfa(_seed, "INTEGRITY", [], SHA256.HashSizeInBytes), bound);
        return [.. TpmBuffer.Sized(integrity), .. encrypted];
    }

    /// <summary>AES-128 in CFB mode from a zero start; the last block may be short, which the platform's own does not take.</summary>
    public static byte[] Cfb(byte[] key, ReadOnlySpan<byte> plain)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var encrypted = new byte[plain.Length];
        var register = new byte[AesLength];
        for (var start = 0; start < plain.Length; start += AesLength)
        {
            var mask = aes.EncryptEcb(register, PaddingMode.None);
            var length = Math.Min(AesLength, plain.Length - start);
            for (var i = 0; i < length; i++)
            {
                encrypted[start + i] = (byte)(plain[start + i] ^ mask[i]);
            }

            encrypted.AsSpan(start, length).CopyTo(register);
        }

        return encrypted;
    }
}
