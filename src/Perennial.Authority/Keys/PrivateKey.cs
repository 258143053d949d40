using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Perennial.Authority.Keys;

/// <summary>A key pair. Its text form says its kind and never its secret.</summary>
public sealed class PrivateKey : IDisposable
{
    private readonly AsymmetricAlgorithm _key;

    private PrivateKey(AsymmetricAlgorithm key) => _key = key;

    /// <summary>Makes a new pair.</summary>
    /// <param name="algorithm">Its kind.</param>
    public static PrivateKey Create(KeyAlgorithm algorithm) => new(algorithm switch
    {
        KeyAlgorithm.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyAlgorithm.P384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        KeyAlgorithm.Rsa2048 => RSA.Create(2048),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    });

    /// <summary>Reads an unencrypted PEM private key: PKCS #8, SEC 1 or PKCS #1.</summary>
    /// <param name="pem">The text; it is not repeated in any error.</param>
    /// <exception cref="CryptographicException">The text holds no such key.</exception>
    public static PrivateKey FromPem(ReadOnlySpan<char> pem) =>
        TryImport(ECDsa.Create(), pem) ?? TryImport(RSA.Create(), pem)
        ?? throw new CryptographicException("The text holds no unencrypted PEM private key of an elliptic curve or RSA.");

    /// <summary>The secret as a PKCS #8 PEM block. For key files and the devices of a sandbox only.</summary>
    public string ExportPem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    /// <summary>The kind and size of the key.</summary>
    public override string ToString() => $"{(_key is RSA ? "RSA" : "ECDSA")} private key, {_key.KeySize} bits";

    internal PublicKey PublicKey => new(_key);

    internal X509SignatureGenerator Signer => _key switch
    {
        ECDsa ecdsa => X509SignatureGenerator.CreateForECDsa(ecdsa),
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
        _ => throw new InvalidOperationException("The key cannot sign."),
    };

    internal HashAlgorithmName Hash => _key is ECDsa && _key.KeySize > 256 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    internal X509Certificate2 Join(X509Certificate2 certificate) => _key switch
    {
        ECDsa ecdsa => certificate.CopyWithPrivateKey(ecdsa),
        RSA rsa => certificate.CopyWithPrivateKey(rsa),
        _ => throw new InvalidOperationException("The key cannot sign."),
    };

    private static PrivateKey? TryImport(AsymmetricAlgorithm key, ReadOnlySpan<char> pem)
    {
        try
        {
            key.ImportFromPem(pem);
            return new(key);
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }
}
