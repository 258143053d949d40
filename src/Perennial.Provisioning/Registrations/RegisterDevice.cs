using System.Text.Json;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Issuance;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>A registration: attest, allocate, issue a leaf where one is asked for, assign. The same device asking twice gets the same operation and the same answer.</summary>
public sealed class RegisterDevice(
    PlanRegistration plan, IssueLeaf issue, AttestExpired expired, IRegistrationStore registrations, AssignDevice assign, CarryOutOperation carryOut)
{
    private const int MaxAttempts = 8;

    /// <summary>
    /// Registers the device. With hubs of this process everything is on disk when this returns; what waits for others goes on, and the
    /// device is told to ask again.
    /// </summary>
    public async Task<RegistrationOutcome> RunAsync(
        AuthenticatedDevice device, JsonElement? payload, CertificateSigningRequest? request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await TryOnceAsync(device, payload, request, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }

        return new RegistrationOutcome.Busy();
    }

    private async Task<RegistrationOutcome?> TryOnceAsync(
        AuthenticatedDevice device, JsonElement? payload, CertificateSigningRequest? request, CancellationToken cancellationToken)
    {
        var planned = await plan.RunAsync(device, cancellationToken);
        if (request is not null && planned is RegistrationPlan.Taken { Verdict: var verdict, Existing: var existing }
            && await IssueAsync(verdict, existing?.Id ?? device.RegistrationId, request, cancellationToken) is { } not)
        {
            return not;
        }

        switch (planned)
        {
            case RegistrationPlan.Refused refused:
                return request is null ? new RegistrationOutcome.Refused(refused.Verdict) : await ObtainOnlyAsync(device, refused.Verdict, request, cancellationToken);
            case RegistrationPlan.Taken { Allocation: AllocationPlan.Failed failed } taken:
                return await assign.FailAsync(taken.Verdict, taken.Existing, failed.Refusal, payload, operationId: null, cancellationToken);
            case RegistrationPlan.Taken { Allocation: AllocationPlan.Chosen { Device: var allocated } } taken
                when !assign.IsDistant(allocated, taken.Existing):
                return await assign.RunAsync(allocated, taken.Existing, payload, operationId: null, cancellationToken);
            case RegistrationPlan.Taken taken:
                return await carryOut.BeginAsync(device, taken, payload, cancellationToken);
            case var other:
                throw new InvalidOperationException($"Unknown plan {other.GetType().Name}.");
        }
    }

    // A leaf that is over, or drained, may do one thing, obtain the next one; with that one the device registers.
    private async Task<RegistrationOutcome> ObtainOnlyAsync(
        AuthenticatedDevice device, AttestationVerdict.Refused refused, CertificateSigningRequest request, CancellationToken cancellationToken)
    {
        if (await registrations.FindAsync(device.RegistrationId, cancellationToken) is not { Status: RegistrationStatus.Assigned } existing
            || (refused.Drained ?? await expired.RunAsync(device, refused, cancellationToken)) is not { } accepted)
        {
            return new RegistrationOutcome.Refused(refused);
        }

        return await issue.RunAsync(accepted, existing.Id, request, cancellationToken) switch
        {
            LeafOutcome.Issued { Leaf: var leaf } => new RegistrationOutcome.Assigned(existing, leaf),
            LeafOutcome.Later later => new RegistrationOutcome.NotYetIssued(later.Refusal, later.RetryAfter),
            LeafOutcome.Refused not => new RegistrationOutcome.NotIssued(not.Refusal),
            var other => throw new InvalidOperationException($"Unknown outcome {other.GetType().Name}."),
        };
    }

    /// <returns>Null when the leaf is issued; it is told with the assignment.</returns>
    private async Task<RegistrationOutcome?> IssueAsync(
        AttestationVerdict.Accepted verdict, RegistrationId id, CertificateSigningRequest request, CancellationToken cancellationToken) =>
        await issue.RunAsync(verdict, id, request, cancellationToken) switch
        {
            LeafOutcome.Issued => null,
            LeafOutcome.Later later => new RegistrationOutcome.NotYetIssued(later.Refusal, later.RetryAfter),
            LeafOutcome.Refused refused => new RegistrationOutcome.NotIssued(refused.Refusal),
            var other => throw new InvalidOperationException($"Unknown outcome {other.GetType().Name}."),
        };
}
