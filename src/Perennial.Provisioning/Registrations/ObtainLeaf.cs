using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Issuance;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>A device obtains its next leaf without registering: it is attested now, and what it showed is kept as a sighting.</summary>
public sealed class ObtainLeaf(
    IEnrollmentStore enrollments,
    IRegistrationStore registrations,
    DeviceAttestation attestation,
    AttestExpired expired,
    IVerdictLedger ledger,
    IssueLeaf issue,
    TimeProvider time)
{
    /// <param name="device">The device.</param>
    /// <param name="policy">The profile that it asks for by name; null for whichever its enrollment names.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What came of it, and the verdict when no enrollment takes the device.</returns>
    public async Task<(LeafOutcome? Outcome, AttestationVerdict.Refused? Refused)> RunAsync(
        AuthenticatedDevice device, string? policy, CertificateSigningRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        var candidates = await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken);
        var verdict = attestation.Attest(device, candidates, time.GetUtcNow());
        await ledger.RecordAsync(verdict, cancellationToken);
        var accepted = verdict as AttestationVerdict.Accepted
            ?? await expired.RunAsync(device, (AttestationVerdict.Refused)verdict, cancellationToken);
        if (accepted is null)
        {
            return (null, (AttestationVerdict.Refused)verdict);
        }

        if (policy is not null && !string.Equals(policy, accepted.Enrollment.CredentialPolicy, StringComparison.OrdinalIgnoreCase))
        {
            return (new LeafOutcome.Refused(new Refusal(LeafRefusals.NoPolicy, $"The {accepted.Enrollment.Key} does not name the profile '{policy}'.")), null);
        }

        var id = (await registrations.FindAsync(device.RegistrationId, cancellationToken))?.Id ?? device.RegistrationId;
        return (await issue.RunAsync(accepted, id, request, cancellationToken), null);
    }
}
