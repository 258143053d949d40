using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority;
using Perennial.X509;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>A leaf with its key, ready for handshakes, and the intermediates a device sends along.</summary>
internal sealed class DeviceCredential : IDisposable
{
    private readonly IssuedCertificate _leaf;
    private readonly X509Certificate2 _withKey;
    private readonly X509Certificate2Collection _intermediates;

    public DeviceCredential(IssuedCertificate leaf, params IReadOnlyList<Certificate> intermediates)
    {
        _leaf = leaf;
        _withKey = leaf.ToTlsCertificate();
        _intermediates = [.. intermediates.Select(intermediate => X509CertificateLoader.LoadCertificate(intermediate.Der.Span))];
        Context = SslStreamCertificateContext.Create(_withKey, _intermediates, offline: true);
    }

    public SslStreamCertificateContext Context { get; }

    public string LeafPem => _leaf.CertificatePem;

    public void Dispose()
    {
        _withKey.Dispose();
        _leaf.Dispose();
        foreach (var intermediate in _intermediates)
        {
            intermediate.Dispose();
        }
    }
}
