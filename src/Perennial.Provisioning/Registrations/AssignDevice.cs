using System.Text.Json;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>The last step of a registration: the hub holds the identity, and only then does the record say so.</summary>
/// <param name="registrations">Where records are kept.</param>
/// <param name="operations">Where operations are kept.</param>
/// <param name="leaves">Where issued leaves are kept.</param>
/// <param name="ledger">Where verdicts are kept.</param>
/// <param name="hubs">The hubs to be assigned to.</param>
/// <param name="note">Told of each registration that fails and the device, for the operator, whether or not the device still waits.</param>
public sealed class AssignDevice(
    IRegistrationStore registrations,
    IOperationStore operations,
    IIssuedLeafStore leaves,
    IVerdictLedger ledger,
    LinkedHubs hubs,
    Action<Refusal, string> note)
{
    /// <summary>For so long a repeated request is the same operation: longer than any client retries one (240 s, hub-protocol §10.3).</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromMinutes(5);

    /// <summary>Whether the assignment concerns a hub outside this process, which may not answer.</summary>
    internal bool IsDistant(AllocatedDevice allocated, Registration? existing) =>
        allocated.Hub.IsRemote || hubs.Find(existing?.AssignedHub) is { IsRemote: true };

    /// <summary>Assigns; a device that asks for what it was just given gets the same answer.</summary>
    /// <param name="allocated">The device and its hub.</param>
    /// <param name="existing">The record as it was read, if any.</param>
    /// <param name="payload">What the device sent along.</param>
    /// <param name="operationId">The operation that is under way; null makes a new one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when another write of the record came first.</returns>
    internal async Task<RegistrationOutcome?> RunAsync(
        AllocatedDevice allocated, Registration? existing, JsonElement? payload, string? operationId, CancellationToken cancellationToken)
    {
        var verdict = allocated.Verdict;
        var (issued, isTold) = verdict.Enrollment.CredentialPolicy is null ? (null, true) : await IssuedAsync(verdict, existing, cancellationToken);
        var assignment = NextRegistration.Assignment(allocated, existing, issued, hubs);
        if (isTold && NextRegistration.IsRepeat(allocated, existing, payload, RepeatWindow)
            && await allocated.Hub.HoldsAsync(assignment, cancellationToken))
        {
            await ledger.RecordAsync(verdict, cancellationToken);
            return await ToldAsync(existing, cancellationToken);
        }

        var isThere = existing is null || assignment.MoveFrom is not null
            || await allocated.Hub.ExistsAsync(assignment.DeviceId, cancellationToken);
        var next = NextRegistration.Assigned(allocated, assignment, existing, isThere, payload, operationId);
        var together = await WritesAsync(allocated, assignment, next.Id, cancellationToken);
        if (!isTold)
        {
            together.Add(leaves.Tell(next.Id, next.OperationId));
        }

        if (!await registrations.TryCommitAsync(next, existing?.ETag, together, cancellationToken))
        {
            return null;
        }

        if (assignment.MoveFrom is { } left)
        {
            await left.Hub.DeviceChangedAsync(left.DeviceId, cancellationToken);
        }

        await allocated.Hub.DeviceChangedAsync(assignment.DeviceId, cancellationToken);
        return new RegistrationOutcome.Assigned(next, isTold ? null : issued);
    }

    // The newest leaf that counts and that the hub is to know beside the one presented; told when the last registration told it.
    private async Task<(IssuedLeaf? Leaf, bool IsTold)> IssuedAsync(
        AttestationVerdict.Accepted verdict, Registration? existing, CancellationToken cancellationToken)
    {
        if (await leaves.FindUntoldAsync(verdict.RegistrationId, cancellationToken) is { } untold)
        {
            return (untold, false);
        }

        var told = existing is null ? null : await leaves.FindByOperationAsync(existing.Id, existing.OperationId, cancellationToken);
        return (told is { Retired: null } ? told : null, true);
    }

    private async Task<RegistrationOutcome> ToldAsync(Registration existing, CancellationToken cancellationToken) =>
        new RegistrationOutcome.Assigned(existing, await leaves.FindByOperationAsync(existing.Id, existing.OperationId, cancellationToken));

    /// <summary>Writes that no hub could be assigned; where the device was before is remembered.</summary>
    internal async Task<RegistrationOutcome?> FailAsync(
        AttestationVerdict.Accepted verdict,
        Registration? existing,
        Refusal refusal,
        JsonElement? payload,
        string? operationId,
        CancellationToken cancellationToken)
    {
        var next = NextRegistration.Failed(verdict, existing, refusal, payload, operationId);
        if (!await registrations.TryCommitAsync(next, existing?.ETag, [ledger.Prepare(verdict)], cancellationToken))
        {
            return null;
        }

        note(refusal, next.Id.Value);
        return new RegistrationOutcome.Failed(next, refusal);
    }

    // Between two hubs of this process the identity moves within the transaction. Otherwise it is made on the new hub, then the record is
    // written, and only then does it leave the old one.
    private async Task<List<IPendingWrite>> WritesAsync(
        AllocatedDevice allocated, HubAssignment assignment, RegistrationId id, CancellationToken cancellationToken)
    {
        var together = new List<IPendingWrite> { ledger.Prepare(allocated.Verdict) };
        if (assignment.MoveFrom is { } from && (from.Hub.IsRemote || allocated.Hub.IsRemote))
        {
            var carried = await from.Hub.ReadAsync(from.DeviceId, cancellationToken);
            assignment = assignment with { MoveFrom = null, Carried = carried };
            together.Add(from.Hub.IsRemote
                ? operations.Depart(new Departure(from.Hub.HostName, from.DeviceId, id))
                : await from.Hub.RemoveAsync(from.DeviceId, cancellationToken));
        }

        together.Add(await allocated.Hub.AssignAsync(assignment, cancellationToken));
        if (allocated.Hub.IsRemote)
        {
            together.Add(operations.Arrive(allocated.Hub.HostName, assignment.DeviceId));
        }

        return together;
    }
}
