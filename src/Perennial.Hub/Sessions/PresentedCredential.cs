using Perennial.Hub.Access;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>What a device showed to prove itself.</summary>
public abstract record PresentedCredential
{
    private PresentedCredential()
    {
    }

    /// <summary>The chain of the TLS handshake; the leaf's key signed it.</summary>
    public sealed record ByCertificate(CertificateChain Chain) : PresentedCredential;

    public sealed record ByToken(PresentedToken Token) : PresentedCredential;

    public sealed record Nothing : PresentedCredential;
}
