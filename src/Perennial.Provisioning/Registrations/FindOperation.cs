using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>What became of an operation, for the device that began it: the same leaf, still valid, or a token that its enrollment still takes.</summary>
public sealed class FindOperation(
    IRegistrationStore registrations, IEnrollmentStore enrollments, DeviceAttestation attestation, ChainPolicy policy, TimeProvider time)
{
    /// <param name="device">Who asks.</param>
    /// <param name="operationId">The operation; null for whatever the registration's last one is.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    public async Task<OperationOutcome> RunAsync(AuthenticatedDevice device, string? operationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        var registration = await registrations.FindAsync(device.RegistrationId, cancellationToken);
        if (device.Proof is DeviceProof.ByCertificate { Chain: var chain })
        {
            return registration?.Credential == RegisteredCredential.Of(chain) && policy.CheckLeaf(chain.Leaf, time.GetUtcNow()) is null
                ? Pick(registration, operationId)
                : new OperationOutcome.NotFound();
        }

        var candidates = await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken);
        return attestation.Attest(device, candidates, time.GetUtcNow()) is AttestationVerdict.Refused refused
            ? new OperationOutcome.Refused(refused)
            : Pick(registration, operationId);
    }

    private static OperationOutcome Pick(Registration? registration, string? operationId)
    {
        var isIt = operationId is null
            || string.Equals(operationId, registration?.OperationId, StringComparison.Ordinal)
            || string.Equals(operationId, registration?.PreviousOperationId, StringComparison.Ordinal);
        return registration is not null && isIt ? new OperationOutcome.Found(registration) : new OperationOutcome.NotFound();
    }
}
