using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Registrations;

/// <summary>The first steps of a registration: attest, and see what hub the device is to have.</summary>
public sealed class PlanRegistration(
    IEnrollmentStore enrollments,
    IRegistrationStore registrations,
    IVerdictLedger ledger,
    LinkedHubs hubs,
    DeviceAttestation attestation,
    TimeProvider time)
{
    /// <summary>Attests the device now. A refusal is kept as a sighting.</summary>
    internal async Task<RegistrationPlan> RunAsync(AuthenticatedDevice device, CancellationToken cancellationToken)
    {
        var candidates = await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken);
        switch (attestation.Attest(device, candidates, time.GetUtcNow()))
        {
            case AttestationVerdict.Refused refused:
                await ledger.RecordAsync(refused, cancellationToken);
                return new RegistrationPlan.Refused(refused);
            case AttestationVerdict.Accepted accepted:
                var existing = await registrations.FindAsync(device.RegistrationId, cancellationToken);
                return new RegistrationPlan.Taken(accepted, existing, HubAllocation.Plan(accepted, existing?.AssignedHub, hubs));
            case var verdict:
                throw new InvalidOperationException($"Unknown verdict {verdict.GetType().Name}.");
        }
    }
}
