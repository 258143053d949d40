using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.X509;

namespace Perennial.TestCertificates;

/// <summary>A certificate with its private key.</summary>
public sealed class TestCertificate : IDisposable
{
    private X509Certificate2? _withKey;
    private Certificate? _certificate;

    internal TestCertificate(byte[] der, AsymmetricAlgorithm key)
    {
        Der = der;
        Key = key;
    }

    /// <summary>Joins a certificate that somebody else issued with the key that it was asked for.</summary>
    public static TestCertificate Join(byte[] der, AsymmetricAlgorithm key) => new(der, key);

    public ReadOnlyMemory<byte> Der { get; }

    public AsymmetricAlgorithm Key { get; }

    /// <summary>The certificate as Perennial parses it; throws with the refusal when it does not.</summary>
    public Certificate Certificate => _certificate ??= Certificate.TryParse(Der, out var certificate, out var refusal)
        ? certificate
        : throw new InvalidOperationException($"{refusal.Reason.Number} {refusal.Detail}");

    public string CertificatePem => PemEncoding.WriteString("CERTIFICATE", Der.Span) + "\n";

    public string KeyPem => Key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>For TLS: the certificate with its key, in a form that every platform accepts.</summary>
    public X509Certificate2 WithKey => _withKey ??= Join();

    public void Dispose()
    {
        _withKey?.Dispose();
        Key.Dispose();
    }

    private X509Certificate2 Join()
    {
        using var certificate = X509CertificateLoader.LoadCertificate(Der.Span);
        return Key switch
        {
            ECDsa ecdsa => certificate.CopyWithPrivateKey(ecdsa),
            RSA rsa => certificate.CopyWithPrivateKey(rsa),
            _ => throw new NotSupportedException("Only ECDSA and RSA keys."),
        };
    }
}
