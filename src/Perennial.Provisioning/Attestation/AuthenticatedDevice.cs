using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>
/// A peer that proved, in the TLS handshake, that it holds the key of a leaf whose common name is the registration id it announced.
/// Nothing is known yet about whether any enrollment takes it. Only <see cref="Authenticate"/> makes one.
/// </summary>
public sealed class AuthenticatedDevice
{
    internal AuthenticatedDevice(RegistrationId registrationId, CertificateChain chain)
    {
        RegistrationId = registrationId;
        Chain = chain;
    }

    public RegistrationId RegistrationId { get; }

    /// <summary>The chain the peer presented; its leaf's key signed the handshake.</summary>
    public CertificateChain Chain { get; }
}
