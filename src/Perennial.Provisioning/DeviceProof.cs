using Perennial.Provisioning.Tpm;
using Perennial.X509;

namespace Perennial.Provisioning;

/// <summary>What a device showed to prove itself.</summary>
public abstract record DeviceProof
{
    private DeviceProof()
    {
    }

    /// <summary>The chain presented, or null.</summary>
    public CertificateChain? CertificateChain => (this as ByCertificate)?.Chain;

    /// <summary>The chain of the TLS handshake; its leaf's key signed it.</summary>
    public sealed record ByCertificate(CertificateChain Chain) : DeviceProof;

    /// <summary>A token; which key signed it is for the enrollments to say.</summary>
    /// <param name="Token">The token.</param>
    /// <param name="StorageRootKey">The storage root key that a device with a TPM showed beside it.</param>
    public sealed record ByToken(DeviceToken Token, TpmPublic? StorageRootKey = null) : DeviceProof;
}
