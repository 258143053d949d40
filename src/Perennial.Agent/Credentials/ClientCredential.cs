using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.X509;

namespace Perennial.Agent.Credentials;

/// <summary>A certificate with its key, ready for TLS; the certificates above the leaf are sent along.</summary>
internal sealed class ClientCredential : IDisposable
{
    private readonly X509Certificate2 _leaf;
    private readonly AsymmetricAlgorithm _key;

    private ClientCredential(CertificateChain chain, X509Certificate2 leaf, AsymmetricAlgorithm key)
    {
        Chain = chain;
        _leaf = leaf;
        _key = key;
        var issuers = new X509Certificate2Collection();
        foreach (var issuer in chain.Issuers.Where(issuer => !issuer.IsSelfIssued))
        {
            issuers.Add(X509CertificateLoader.LoadCertificate(issuer.Der.Span));
        }

        Tls = SslStreamCertificateContext.Create(leaf, issuers, offline: true);
    }

    public CertificateChain Chain { get; }

    public SslStreamCertificateContext Tls { get; }

    /// <summary>Joins a chain with the key of its leaf; null when the key is another one's.</summary>
    public static ClientCredential? Join(CertificateChain chain, AsymmetricAlgorithm key)
    {
        using var bare = X509CertificateLoader.LoadCertificate(chain.Leaf.Der.Span);
        try
        {
            return new(chain, key is RSA rsa ? bare.CopyWithPrivateKey(rsa) : bare.CopyWithPrivateKey((ECDsa)key), key);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _leaf.Dispose();
        _key.Dispose();
    }
}
