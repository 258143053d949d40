using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>
/// One try of an operation: attests anew, asks the custom allocation where there is one, assigns. Trust that was taken back in the
/// meantime ends the operation.
/// </summary>
/// <param name="plan">Attests and allocates.</param>
/// <param name="assign">Assigns.</param>
/// <param name="custom">Answers custom allocations.</param>
/// <param name="operations">Where operations are kept.</param>
/// <param name="gate">One try at a time for a device.</param>
/// <param name="note">Told of each hub that does not answer and the device, for the operator.</param>
public sealed class AttemptOperation(
    PlanRegistration plan,
    AssignDevice assign,
    ICustomAllocation custom,
    IOperationStore operations,
    RegistrationGate gate,
    Action<Refusal, string> note)
{
    /// <returns>Null when the hub did not answer: to be tried again.</returns>
    internal async Task<RegistrationOutcome?> RunAsync(AuthenticatedDevice device, PendingOperation pending, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(pending.Id, cancellationToken);
        RegistrationPlan.Taken? taken = null;
        try
        {
            switch (await plan.RunAsync(device, cancellationToken))
            {
                case RegistrationPlan.Refused refused:
                    await operations.EndAsync(pending, cancellationToken);
                    return new RegistrationOutcome.Refused(refused.Verdict);
                case RegistrationPlan.Taken found:
                    taken = found;
                    return await AssignAsync(found, pending, cancellationToken);
                case var other:
                    throw new InvalidOperationException($"Unknown plan {other.GetType().Name}.");
            }
        }
        catch (HubUnreachableException exception)
        {
            note(new Refusal(AllocationRefusals.HubUnreachable, exception.Message), pending.Id.Value);
            return null;
        }
        catch (HubRefusedException exception)
        {
            var refusal = new Refusal(AllocationRefusals.HubRefused, exception.Message);
            return await FailAsync(taken!, refusal, pending, cancellationToken);
        }
    }

    private async Task<RegistrationOutcome?> AssignAsync(RegistrationPlan.Taken taken, PendingOperation pending, CancellationToken cancellationToken)
    {
        var allocation = taken.Allocation is AllocationPlan.Asked asked
            ? Repeated(taken, asked, pending) ?? await AskAsync(taken, asked, pending, cancellationToken)
            : taken.Allocation;
        var outcome = allocation switch
        {
            AllocationPlan.Chosen { Device: var allocated } =>
                await assign.RunAsync(allocated, taken.Existing, pending.Payload, pending.OperationId, cancellationToken),
            AllocationPlan.Failed failed => await FailAsync(taken, failed.Refusal, pending, cancellationToken),
            _ => throw new InvalidOperationException($"Unknown allocation {allocation.GetType().Name}."),
        };
        if (outcome is RegistrationOutcome.Assigned { Registration: var kept } && ReferenceEquals(kept, taken.Existing))
        {
            await operations.EndAsync(pending, cancellationToken);
        }

        return outcome;
    }

    // A device that asks for what it was just given is not asked about again.
    private static AllocationPlan.Chosen? Repeated(RegistrationPlan.Taken taken, AllocationPlan.Asked asked, PendingOperation pending) =>
        NextRegistration.IsRepeat(taken.Verdict, taken.Existing, pending.Payload, AssignDevice.RepeatWindow)
        && asked.Eligible.FirstOrDefault(link => string.Equals(link.HostName, taken.Existing.AssignedHub, StringComparison.OrdinalIgnoreCase)) is { } link
            ? new AllocationPlan.Chosen(new AllocatedDevice(taken.Verdict, link.Hub))
            : null;

    private async Task<AllocationPlan> AskAsync(
        RegistrationPlan.Taken taken, AllocationPlan.Asked asked, PendingOperation pending, CancellationToken cancellationToken)
    {
        var question = new CustomAllocationQuestion
        {
            Verdict = taken.Verdict,
            Eligible = [.. asked.Eligible.Select(link => link.HostName)],
            CurrentHub = taken.Existing?.AssignedHub,
            CurrentDeviceId = taken.Existing?.DeviceId,
            Payload = pending.Payload,
        };
        return await custom.AskAsync(question, cancellationToken) switch
        {
            CustomAllocationAnswer.Chosen chosen => HubAllocation.Take(taken.Verdict, chosen, asked.Eligible),
            CustomAllocationAnswer.Failed failed => new AllocationPlan.Failed(new Refusal(AllocationRefusals.CustomAllocationFailed, failed.Detail)),
            var other => throw new InvalidOperationException($"Unknown answer {other.GetType().Name}."),
        };
    }

    private Task<RegistrationOutcome?> FailAsync(
        RegistrationPlan.Taken taken, Refusal refusal, PendingOperation pending, CancellationToken cancellationToken) =>
        assign.FailAsync(taken.Verdict, taken.Existing, refusal, pending.Payload, pending.OperationId, cancellationToken);
}
