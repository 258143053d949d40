using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority;

/// <summary>A certificate with the key it was issued for.</summary>
public sealed class IssuedCertificate : IDisposable
{
    /// <summary>Joins a certificate and its key.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="key">Its key; disposed with this.</param>
    public IssuedCertificate(Certificate certificate, PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        Certificate = certificate;
        Key = key;
    }

    /// <summary>The certificate.</summary>
    public Certificate Certificate { get; }

    /// <summary>Its private key.</summary>
    public PrivateKey Key { get; }

    /// <summary>The certificate as a PEM block.</summary>
    public string CertificatePem => Pem.Write(Certificate);

    /// <summary>For TLS: a new object with certificate and private key, which the caller disposes.</summary>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public X509Certificate2 ToTlsCertificate()
    {
        using var certificate = X509CertificateLoader.LoadCertificate(Certificate.Der.Span);
        return Key.Join(certificate);
    }

    /// <inheritdoc />
    public void Dispose() => Key.Dispose();

    /// <summary>The certificate's subject and thumbprint; never the key.</summary>
    public override string ToString() => Certificate.ToString();
}
