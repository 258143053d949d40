using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Perennial.Server.Remote;

/// <summary>Where a server listens, whatever host name is asked for, and what its certificate must chain to.</summary>
/// <param name="EndPoint">The HTTPS port, by name or by address.</param>
/// <param name="Roots">The only roots that count; empty for those of the operating system.</param>
internal sealed record ServiceAddress(EndPoint EndPoint, X509Certificate2Collection Roots)
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(15);

    /// <summary>The port alone, for addresses of requests.</summary>
    public int Port => EndPoint switch
    {
        IPEndPoint address => address.Port,
        DnsEndPoint name => name.Port,
        _ => throw new InvalidOperationException($"Unknown end point {EndPoint.GetType().Name}."),
    };

    /// <summary>Another port of the same place.</summary>
    public ServiceAddress At(int port) => this with
    {
        EndPoint = EndPoint switch
        {
            IPEndPoint address => new IPEndPoint(address.Address, port),
            DnsEndPoint name => new DnsEndPoint(name.Host, port),
            _ => throw new InvalidOperationException($"Unknown end point {EndPoint.GetType().Name}."),
        },
    };

    /// <summary>The end point without the family of its address.</summary>
    public override string ToString() => EndPoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{EndPoint}";

    /// <summary>Opens connections to this place, with TLS for the host that a request names.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = ConnectTime,
        SslOptions = Tls(IsTrusted),
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(EndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    /// <summary>TLS to this place.</summary>
    /// <param name="judge">Says whether the server's certificate is taken.</param>
    public SslClientAuthenticationOptions Tls(RemoteCertificateValidationCallback judge) =>
        new() { AllowTlsResume = false, CertificateChainPolicy = Trust(), RemoteCertificateValidationCallback = judge };

    /// <summary>
    /// Whether the certificate is for the name and leads to the bundle. A bundle may end below its root, as an operator's own certificate file
    /// does: a chain that is sound up to one of its certificates is trusted.
    /// </summary>
    public bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None
        || (errors == SslPolicyErrors.RemoteCertificateChainErrors
            && chain is { ChainElements: [.., { Certificate: var top }] }
            && chain.ChainStatus.All(status => status.Status is X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.NoError)
            && Roots.Any(root => root.RawDataMemory.Span.SequenceEqual(top.RawDataMemory.Span)));

    private X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = Roots.Count > 0 ? X509ChainTrustMode.CustomRootTrust : X509ChainTrustMode.System,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(Roots);
        return policy;
    }
}
