using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Issuance;

/// <summary>
/// Whether a device whose leaf is over may still obtain the next one: its enrollment's profile allows it for some days, and everything but
/// the time is as it must be, at the leaf's last second.
/// </summary>
public sealed class AttestExpired(
    IEnrollmentStore enrollments, ICertificateIssuance authority, DeviceAttestation attestation, TimeProvider time)
{
    /// <param name="device">The device.</param>
    /// <param name="refused">What attestation says of it now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The verdict as of the leaf's end; null when the refusal stands.</returns>
    public async Task<AttestationVerdict.Accepted?> RunAsync(
        AuthenticatedDevice device, AttestationVerdict.Refused refused, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(refused);
        if (refused.Refusal.Reason != CertificateRefusals.Expired || device.Proof.CertificateChain is not { Leaf: var leaf })
        {
            return null;
        }

        var candidates = await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken);
        if (attestation.Attest(device, candidates, leaf.NotAfter) is not AttestationVerdict.Accepted { Enrollment.CredentialPolicy: { } policy } accepted)
        {
            return null;
        }

        var terms = await authority.FindTermsAsync(policy, cancellationToken);
        return terms is not null && time.GetUtcNow() - leaf.NotAfter <= terms.RollAfterExpiry ? accepted : null;
    }
}
