using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>Where the instance listens, whatever host name is asked for, and the one root its clients trust.</summary>
internal sealed class ServerAddress(IPAddress address, int mqttPort, int httpsPort, X509Certificate2 root)
{
    public IPEndPoint Mqtt { get; } = new(address, mqttPort);

    /// <summary>The one root that is trusted.</summary>
    public X509Certificate2 Root => root;

    public IPEndPoint Https { get; } = new(address, httpsPort);

    /// <summary>TLS for a client of the host: SNI is its name, nothing but the root is trusted, nothing is downloaded.</summary>
    public SslClientAuthenticationOptions Tls(string host, DeviceCredential? credential) => new()
    {
        TargetHost = host,
        ClientCertificateContext = credential?.Context,
        AllowTlsResume = false,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { root },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };
}
