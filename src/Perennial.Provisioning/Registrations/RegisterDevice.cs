using System.Text.Json;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>A registration: attest, allocate, assign. The same device asking twice gets the same operation and the same answer.</summary>
public sealed class RegisterDevice(
    IEnrollmentStore enrollments,
    IRegistrationStore registrations,
    IVerdictLedger ledger,
    LinkedHubs hubs,
    DeviceAttestation attestation,
    TimeProvider time)
{
    /// <summary>For so long a repeated request is the same operation: longer than any client retries one (240 s, hub-protocol §10.3).</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromMinutes(5);

    private const int MaxAttempts = 8;

    /// <summary>Registers the device; every write that belongs to it is on disk when this returns.</summary>
    public async Task<RegistrationOutcome> RunAsync(AuthenticatedDevice device, JsonElement? payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await TryOnceAsync(device, payload, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }

        return new RegistrationOutcome.Busy();
    }

    private async Task<RegistrationOutcome?> TryOnceAsync(AuthenticatedDevice device, JsonElement? payload, CancellationToken cancellationToken)
    {
        var candidates = await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken);
        switch (attestation.Attest(device, candidates, time.GetUtcNow()))
        {
            case AttestationVerdict.Refused refused:
                await ledger.RecordAsync(refused, cancellationToken);
                return new RegistrationOutcome.Refused(refused);
            case AttestationVerdict.Accepted accepted:
                var existing = await registrations.FindAsync(device.RegistrationId, cancellationToken);
                return HubAllocation.TryAllocate(accepted, existing?.AssignedHub, hubs, out var allocated, out var refusal)
                    ? await AssignAsync(allocated, existing, payload, cancellationToken)
                    : await FailAsync(accepted, existing, refusal, payload, cancellationToken);
            case var verdict:
                throw new InvalidOperationException($"Unknown verdict {verdict.GetType().Name}.");
        }
    }

    private async Task<RegistrationOutcome?> AssignAsync(
        AllocatedDevice allocated, Registration? existing, JsonElement? payload, CancellationToken cancellationToken)
    {
        var verdict = allocated.Verdict;
        var assignment = NextRegistration.Assignment(allocated, existing, hubs);
        if (NextRegistration.IsRepeat(allocated, existing, payload, RepeatWindow)
            && await allocated.Hub.HoldsAsync(assignment, cancellationToken))
        {
            await ledger.RecordAsync(verdict, cancellationToken);
            return new RegistrationOutcome.Assigned(existing!);
        }

        var isThere = existing is null || assignment.MoveFrom is not null
            || await allocated.Hub.ExistsAsync(assignment.DeviceId, cancellationToken);
        var next = NextRegistration.Assigned(allocated, assignment, existing, isThere, payload);
        var together = new List<IPendingWrite> { await allocated.Hub.AssignAsync(assignment, cancellationToken), ledger.Prepare(verdict) };
        if (!await registrations.TryCommitAsync(next, existing?.ETag, together, cancellationToken))
        {
            return null;
        }

        if (assignment.MoveFrom is { } left)
        {
            await left.Hub.DeviceChangedAsync(left.DeviceId, cancellationToken);
        }

        await allocated.Hub.DeviceChangedAsync(assignment.DeviceId, cancellationToken);
        return new RegistrationOutcome.Assigned(next);
    }

    private async Task<RegistrationOutcome?> FailAsync(
        AttestationVerdict.Accepted verdict, Registration? existing, Refusal refusal, JsonElement? payload, CancellationToken cancellationToken)
    {
        var next = NextRegistration.Failed(verdict, existing, refusal, payload);
        return await registrations.TryCommitAsync(next, existing?.ETag, [ledger.Prepare(verdict)], cancellationToken)
            ? new RegistrationOutcome.Failed(next)
            : null;
    }
}
