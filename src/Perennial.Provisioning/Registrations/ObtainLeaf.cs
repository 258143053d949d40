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
        return await RunAsync(device, policy, (accepted, id) => issue.RunAsync(accepted, id, request, cancellationToken), cancellationToken);
    }

    /// <param name="device">The device.</param>
    /// <param name="own">The certificate that it brings for the free slot of its individual enrollment.</param>
    /// <param name="proof">A signing request by that certificate's key.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What came of it, and the verdict when no enrollment takes the device.</returns>
    public Task<(LeafOutcome? Outcome, AttestationVerdict.Refused? Refused)> PlaceAsync(
        AuthenticatedDevice device, Certificate own, CertificateSigningRequest proof, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        return RunAsync(device, policy: null, (accepted, id) => issue.PlaceAsync(accepted, id, own, proof, cancellationToken), cancellationToken);
    }

    private async Task<(LeafOutcome? Outcome, AttestationVerdict.Refused? Refused)> RunAsync(
        AuthenticatedDevice device,
        string? policy,
        Func<AttestationVerdict.Accepted, RegistrationId, Task<LeafOutcome>> obtain,
        CancellationToken cancellationToken)
    {
        var candidates = await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken);
        var verdict = attestation.Attest(device, candidates, time.GetUtcNow());
        await ledger.RecordAsync(verdict, cancellationToken);
        var accepted = verdict as AttestationVerdict.Accepted
            ?? ((AttestationVerdict.Refused)verdict).Drained
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
        return (await obtain(accepted, id), null);
    }
}
