using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>
/// What became of an operation, for the device that began it: the same leaf, still valid, or a token that its enrollment still takes. One
/// that is under way is tried again.
/// </summary>
public sealed class FindOperation(
    IRegistrationStore registrations,
    IOperationStore operations,
    IEnrollmentStore enrollments,
    IIssuedLeafStore leaves,
    DeviceAttestation attestation,
    CarryOutOperation carryOut,
    ChainPolicy policy,
    TimeProvider time)
{
    /// <param name="device">Who asks.</param>
    /// <param name="operationId">The operation; null for whatever the registration's last one is.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    public async Task<OperationOutcome> RunAsync(AuthenticatedDevice device, string? operationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        var (credential, refused) = await CredentialAsync(device, cancellationToken);
        if (credential is null)
        {
            return refused is null ? new OperationOutcome.NotFound() : new OperationOutcome.Refused(refused);
        }

        var registration = await registrations.FindAsync(device.RegistrationId, cancellationToken);
        if (registration is not null && IsIts(registration, credential) && IsIt(registration, operationId))
        {
            var issued = operationId is null ? null : await leaves.FindByOperationAsync(registration.Id, registration.OperationId, cancellationToken);
            return new OperationOutcome.Found(registration, issued);
        }

        var pending = operationId is null ? null : await operations.FindAsync(device.RegistrationId, cancellationToken);
        return pending?.OperationId == operationId && pending?.Credential == credential
            ? From(await carryOut.GoOnAsync(device, pending, cancellationToken))
            : new OperationOutcome.NotFound();
    }

    // A leaf names itself; which key signed a token is for the enrollment to say.
    private async Task<(RegisteredCredential? Credential, AttestationVerdict.Refused? Refused)> CredentialAsync(
        AuthenticatedDevice device, CancellationToken cancellationToken)
    {
        if (device.Proof is DeviceProof.ByCertificate { Chain: var chain })
        {
            return (policy.CheckLeaf(chain.Leaf, time.GetUtcNow()) is null ? RegisteredCredential.Of(chain) : null, null);
        }

        var candidates = await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken);
        return attestation.Attest(device, candidates, time.GetUtcNow()) switch
        {
            AttestationVerdict.Accepted accepted => (RegisteredCredential.Of(accepted), null),
            AttestationVerdict.Refused refused => (null, refused),
            var other => throw new InvalidOperationException($"Unknown verdict {other.GetType().Name}."),
        };
    }

    // A device with a key may ask with either key of its enrollment.
    private static bool IsIts(Registration registration, RegisteredCredential credential) =>
        credential.Kind == CredentialKind.SymmetricKey || registration.Credential == credential;

    private static bool IsIt(Registration registration, string? operationId) =>
        operationId is null
        || string.Equals(operationId, registration.OperationId, StringComparison.Ordinal)
        || string.Equals(operationId, registration.PreviousOperationId, StringComparison.Ordinal);

    private static OperationOutcome From(RegistrationOutcome outcome) => outcome switch
    {
        RegistrationOutcome.Assigned assigned => new OperationOutcome.Found(assigned.Registration, assigned.Issued),
        RegistrationOutcome.Failed failed => new OperationOutcome.Found(failed.Registration, null),
        RegistrationOutcome.Refused refused => new OperationOutcome.Refused(refused.Verdict),
        _ => new OperationOutcome.Assigning(),
    };
}
