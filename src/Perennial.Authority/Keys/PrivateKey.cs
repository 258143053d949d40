using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Perennial.Authority.Keys;

/// <summary>A key pair. Its text form says its kind and never its secret.</summary>
public sealed class PrivateKey : IDisposable
{
    /// <summary>Rounds of the key derivation that make guessing a passphrase dear.</summary>
    public const int Rounds = 600_000;

    private readonly AsymmetricAlgorithm _key;

    private PrivateKey(AsymmetricAlgorithm key) => _key = key;

    /// <summary>Makes a new pair.</summary>
    /// <param name="algorithm">Its kind.</param>
    public static PrivateKey Create(KeyAlgorithm algorithm) => new(algorithm switch
    {
        KeyAlgorithm.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyAlgorithm.P384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        KeyAlgorithm.Rsa2048 => RSA.Create(2048),
        KeyAlgorithm.Rsa3072 => RSA.Create(3072),
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

    /// <summary>Reads an encrypted PKCS #8 PEM block.</summary>
    /// <param name="pem">The text; it is not repeated in any error.</param>
    /// <param name="passphrase">What opens it.</param>
    /// <exception cref="CryptographicException">The passphrase is wrong, or the text holds no such key.</exception>
    public static PrivateKey FromEncryptedPem(ReadOnlySpan<char> pem, ReadOnlySpan<char> passphrase) =>
        TryOpen(ECDsa.Create(), pem, passphrase) ?? TryOpen(RSA.Create(), pem, passphrase)
        ?? throw new CryptographicException("The passphrase does not open the key, or the text holds no encrypted PKCS #8 private key.");

    /// <summary>The secret as a PKCS #8 PEM block, encrypted with AES-256 below PBKDF2 (HMAC-SHA-512).</summary>
    /// <param name="passphrase">What opens it.</param>
    /// <param name="rounds">Of the key derivation.</param>
    public string ExportEncryptedPem(ReadOnlySpan<char> passphrase, int rounds = Rounds) =>
        _key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA512, rounds)) + "\n";

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    /// <summary>The kind and size of the key.</summary>
    public override string ToString() => $"{(_key is RSA ? "RSA" : "ECDSA")} private key, {_key.KeySize} bits";

    internal PublicKey PublicKey => new(_key);

    internal SignatureAlgorithm SignatureAlgorithm => (_key, _key.KeySize) switch
    {
        (RSA, _) => SignatureAlgorithm.RsaSha256,
        (ECDsa, 256) => SignatureAlgorithm.EcdsaSha256,
        (ECDsa, 384) => SignatureAlgorithm.EcdsaSha384,
        _ => throw new CryptographicException($"A key of {_key.KeySize} bits on this curve issues nothing; wanted P-256, P-384 or RSA."),
    };

    /// <summary>Signs as a certificate wants it.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> content) => _key switch
    {
        ECDsa ecdsa => ecdsa.SignData(content, SignatureAlgorithm.Hash, DSASignatureFormat.Rfc3279DerSequence),
        RSA rsa => rsa.SignData(content, SignatureAlgorithm.Hash, RSASignaturePadding.Pkcs1),
        _ => throw new InvalidOperationException("The key cannot sign."),
    };

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

    private static PrivateKey? TryOpen(AsymmetricAlgorithm key, ReadOnlySpan<char> pem, ReadOnlySpan<char> passphrase)
    {
        try
        {
            key.ImportFromEncryptedPem(pem, passphrase);
            return new(key);
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

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
