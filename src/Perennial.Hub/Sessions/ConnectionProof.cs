using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>What made the hub accept a device.</summary>
public abstract record ConnectionProof
{
    private ConnectionProof()
    {
    }

    /// <summary>The device's enrollment attests its chain or its token.</summary>
    /// <param name="Enrollment">The enrollment that took it.</param>
    /// <param name="Slot">The slot of the enrollment that matched.</param>
    /// <param name="Anchor">The thumbprint of the certificate in that slot, or the fingerprint of the key.</param>
    /// <param name="IsToken">The device came with a token.</param>
    public sealed record ByEnrollment(EnrollmentReference Enrollment, CredentialSlot Slot, Thumbprint Anchor, bool IsToken) : ConnectionProof;

    /// <summary>A slot of the identity holds the leaf's thumbprint.</summary>
    public sealed record ByThumbprint(CredentialSlot Slot) : ConnectionProof;

    /// <summary>An authority that the hub trusts stands above the leaf.</summary>
    public sealed record ByAuthority(Certificate Anchor) : ConnectionProof;

    /// <summary>A key of the identity signed the token.</summary>
    public sealed record BySymmetricKey(CredentialSlot Slot) : ConnectionProof;

    /// <summary>A key of a policy with the right to connect as any device signed the token.</summary>
    public sealed record ByPolicy(string Policy) : ConnectionProof;
}
