using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>The credential that a device registered with.</summary>
/// <param name="Kind">By which mechanism.</param>
/// <param name="Thumbprint">The leaf's thumbprint, or the fingerprint of the enrollment's key behind the device's.</param>
public sealed record RegisteredCredential(CredentialKind Kind, Thumbprint Thumbprint)
{
    internal static RegisteredCredential Of(CertificateChain chain) => new(CredentialKind.Certificate, chain.Leaf.Thumbprint);

    internal static RegisteredCredential Of(AttestationVerdict.Accepted verdict) => verdict.Proof switch
    {
        DeviceProof.ByCertificate { Chain: var chain } => Of(chain),
        DeviceProof.ByToken => new(
            verdict.Enrollment.Mechanism is AttestationMechanism.Tpm ? CredentialKind.Tpm : CredentialKind.SymmetricKey, verdict.Anchor.Thumbprint),
        var other => throw new InvalidOperationException($"Unknown proof {other.GetType().Name}."),
    };
}
