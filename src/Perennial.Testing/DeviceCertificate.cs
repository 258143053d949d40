using System.Security.Cryptography.X509Certificates;
using Perennial.Authority;

namespace Perennial.Testing;

/// <summary>A device's certificate with its key, and the intermediates that the device sends along.</summary>
public sealed class DeviceCertificate : IDisposable
{
    private readonly IssuedCertificate _issued;

    internal DeviceCertificate(IssuedCertificate issued, IReadOnlyList<TestAuthority> intermediates)
    {
        _issued = issued;
        Leaf = issued.ToTlsCertificate();
        Intermediates = [.. intermediates.Select(authority => authority.Certificate)];
        ChainPem = string.Concat(intermediates.Select(authority => authority.Pem).Prepend(issued.CertificatePem));
    }

    /// <summary>The leaf with its private key, for a TLS client. Its common name is the registration id.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>The signing certificates above the leaf, without the root; lowest first.</summary>
    public X509Certificate2Collection Intermediates { get; }

    /// <summary>The leaf and then the intermediates as PEM, as device SDKs take them.</summary>
    public string ChainPem { get; }

    /// <summary>The private key as PEM (PKCS #8, not encrypted).</summary>
    public string KeyPem => _issued.Key.ExportPem();

    /// <summary>Frees the leaf and its key.</summary>
    public void Dispose()
    {
        Leaf.Dispose();
        _issued.Dispose();
    }
}
