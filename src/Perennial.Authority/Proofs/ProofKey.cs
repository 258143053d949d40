using System.Security.Cryptography;

namespace Perennial.Authority.Proofs;

/// <summary>The key by which the service signs its reports: ECDSA on P-256 with SHA-256, ES256 of RFC 7518.</summary>
public sealed class ProofKey : IDisposable
{
    private readonly ECDsa _key;

    private ProofKey(ECDsa key) => _key = key;

    /// <summary>SHA-256 of the public key, which tells it from others.</summary>
    public string Id => IdOf(_key);

    /// <summary>The public key as PEM.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Makes a key.</summary>
    /// <returns>Its PKCS #8 encoding, a secret.</returns>
    public static byte[] Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }

    /// <summary>Takes up a key that was made.</summary>
    /// <param name="encoded">What <see cref="Make"/> gave.</param>
    public static ProofKey Open(byte[] encoded)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(encoded, out _);
        return new ProofKey(key);
    }

    /// <summary>Signs, both numbers of the signature one after the other.</summary>
    /// <param name="content">What is signed.</param>
    public byte[] Sign(byte[] content) => _key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>Checks a signature by a public key.</summary>
    /// <param name="publicPem">The key; text that is none makes the answer false.</param>
    /// <param name="content">What was signed.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="id">The id of the key, when the answer is true.</param>
    public static bool Verify(string publicPem, byte[] content, byte[] signature, out string id)
    {
        id = "";
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(publicPem);
            id = IdOf(key);
            return key.VerifyData(content, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    private static string IdOf(ECDsa key) => Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}
