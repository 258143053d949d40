using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Perennial.Server.Connections;

/// <summary>
/// How devices and services are met: a client certificate is asked for, never demanded, and any is taken; what it is worth is said
/// in our own code. No resumption, no downloads, an empty list of authorities (dps-protocol §5.1, hub-protocol §0.2).
/// </summary>
internal sealed class TlsHandshake(ServerCertificate certificate)
{
    /// <summary>A handshake that takes longer is given up.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public TlsHandshakeCallbackOptions Options(params SslApplicationProtocol[] protocols) => new()
    {
        HandshakeTimeout = Timeout,
        OnConnection = context => ValueTask.FromResult(OptionsOf(context, protocols)),
    };

    [SuppressMessage("Security", "CA5359:Do Not Disable Certificate Validation", Justification = "Any client certificate is taken here; attestation judges it.")]
    private SslServerAuthenticationOptions OptionsOf(TlsHandshakeCallbackContext context, SslApplicationProtocol[] protocols)
    {
        var presented = new PresentedCertificates();
        context.Connection.Features.Set(presented);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = protocols.Length > 0 ? [.. protocols] : null,
            ClientCertificateRequired = true,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = NoPolicy(),
            RemoteCertificateValidationCallback = (_, leaf, chain, _) =>
            {
                if (leaf is not null)
                {
                    presented.Take(leaf, chain?.ChainPolicy.ExtraStore);
                }

                return true;
            },
        };
    }

    // The platform builds a chain before it asks us: it is given nothing to build with and nothing to fetch.
    private static X509ChainPolicy NoPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };
}
