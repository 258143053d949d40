using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Perennial.X509;

namespace Perennial.Agent.Connections;

/// <summary>What was found out about a server's certificate in one handshake.</summary>
internal sealed class ServerVerdict(bool ignoresTime = false)
{
    /// <summary>Why it is not believed; null when it is, or when there was no handshake.</summary>
    public FailureKind? Failure { get; private set; }

    public string Reason { get; private set; } = string.Empty;

    /// <summary>The certificate; null when there was none that could be read.</summary>
    public Certificate? Leaf { get; private set; }

    public bool Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not null && Certificate.TryParse(certificate.GetRawCertData(), out var leaf, out _))
        {
            Leaf = leaf;
        }

        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        var faults = chain?.ChainStatus.Select(status => status.Status).ToList() ?? [];
        if (errors == SslPolicyErrors.RemoteCertificateChainErrors && faults.Count > 0 && faults.All(fault => fault == X509ChainStatusFlags.NotTimeValid))
        {
            Failure = FailureKind.OutOfTime;
            Reason = $"the server's certificate is valid from {Leaf?.NotBefore:yyyy-MM-dd HH:mm}Z to {Leaf?.NotAfter:yyyy-MM-dd HH:mm}Z, which is not now by this device's clock";
            return ignoresTime;
        }

        Failure = FailureKind.Untrusted;
        Reason = errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? "the server's certificate bears another name"
            : $"the server's certificate does not chain to the trust bundle ({string.Join(", ", faults)})";
        return false;
    }
}
