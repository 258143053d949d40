using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Perennial.TestCertificates;

/// <summary>Kinds of key pairs, and one pair of each made at first use.</summary>
public static class TestKey
{
    public static ECDsa P256() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static ECDsa P384() => ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public static ECDsa P521() => ECDsa.Create(ECCurve.NamedCurves.nistP521);

    /// <summary>A new RSA pair; slow from 2048 bits on.</summary>
    public static RSA Rsa(int bits = 2048) => RSA.Create(bits);

    internal static X509SignatureGenerator Signer(AsymmetricAlgorithm key, RSASignaturePadding padding) => key switch
    {
        ECDsa ecdsa => X509SignatureGenerator.CreateForECDsa(ecdsa),
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, padding),
        _ => throw new ArgumentException("Only ECDSA and RSA keys sign here.", nameof(key)),
    };

    internal static byte[] PublicKey(AsymmetricAlgorithm key) => key.ExportSubjectPublicKeyInfo();
}
