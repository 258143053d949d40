using Perennial.Server.Connections;

namespace Perennial.Server.Amqp;

/// <summary>What this server knows of the other end of one connection; nodes judge attaches by it.</summary>
/// <param name="certificates">What came with the TLS handshake.</param>
/// <param name="serverName">The host name of the handshake (SNI), when the peer sent one.</param>
internal sealed class AmqpPeer(PresentedCertificates certificates, string? serverName)
{
    public PresentedCertificates Certificates { get; } = certificates;

    /// <summary>The host name that the peer asks for, without a port: that of <c>open</c>, or else of the handshake.</summary>
    public string? HostName { get; private set; } = serverName;

    /// <summary>What came by SASL PLAIN or TPM; null for any other mechanism and for none.</summary>
    public PlainCredentials? Plain { get; set; }

    /// <summary>The tokens that the peer has put to <c>$cbs</c>.</summary>
    public PutTokens Tokens { get; } = new();

    /// <summary>Takes the host name of <c>open</c>.</summary>
    public void Open(string? hostName)
    {
        if (!string.IsNullOrEmpty(hostName))
        {
            var colon = hostName.LastIndexOf(':');
            HostName = colon > 0 && hostName.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? hostName[..colon] : hostName;
        }
    }
}
