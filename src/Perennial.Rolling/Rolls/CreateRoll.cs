using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Rolls;

/// <summary>Plans a roll, or plans one anew that was not started. The new certificate is staged before: trust comes first, then devices move.</summary>
public sealed class CreateRoll(IRollStore rolls, IEnrollmentStore enrollments, TimeProvider time)
{
    /// <summary>Individual enrollments of one roll.</summary>
    public const int MaxMembers = 10_000;

    /// <summary>Rolls the signing certificate of a group.</summary>
    /// <param name="id">The name of the roll.</param>
    /// <param name="group">The group.</param>
    /// <param name="oldSlot">The slot whose certificate is to be retired; the other one holds the new certificate.</param>
    /// <param name="reason">Why.</param>
    /// <param name="plan">How.</param>
    /// <param name="actor">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<RollOutcome> OfGroupAsync(
        string id, EnrollmentKey group, Slot oldSlot, RollReason reason, RollPlan plan, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (FindFault(id, plan) is { } fault)
        {
            return new RollOutcome.Invalid(fault);
        }

        var mechanism = (await enrollments.FindAsync(group, cancellationToken))?.Mechanism;
        if (mechanism is not (AttestationMechanism.Signers or AttestationMechanism.CaReferences))
        {
            return new RollOutcome.Invalid($"There is no {group} with signing certificates.");
        }

        var newSlot = oldSlot == Slot.Primary ? Slot.Secondary : Slot.Primary;
        if (mechanism.AnchorOf(oldSlot) is not { } old || mechanism.AnchorOf(newSlot) is not { } new_)
        {
            return new RollOutcome.Invalid($"The {group} holds one certificate only. Stage the new one in the free slot first; from then on both count.");
        }

        var roll = Draft(id, RollKind.SigningCertificate, reason, plan) with { Group = group, Old = old, New = new_ };
        return await SaveAsync(roll, [], actor, cancellationToken);
    }

    /// <summary>Rolls the leaves of devices with individual enrollments. The leaf that each was last staged with, or obtains, is the new one.</summary>
    public async Task<RollOutcome> OfLeavesAsync(
        string id, IReadOnlyList<RegistrationId> devices, Slot oldSlot, RollReason reason, RollPlan plan, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentNullException.ThrowIfNull(plan);
        if (FindFault(id, plan) is { } fault)
        {
            return new RollOutcome.Invalid(fault);
        }

        if (devices.Count is 0 or > MaxMembers)
        {
            return new RollOutcome.Invalid($"A roll of leaves names 1 to {MaxMembers} individual enrollments.");
        }

        var members = new List<RollMember>(devices.Count);
        foreach (var device in devices.Distinct())
        {
            if ((await enrollments.FindAsync(EnrollmentKey.Individual(device), cancellationToken))?.Mechanism is not AttestationMechanism.Leaves leaves
                || leaves.AnchorOf(oldSlot) is not { } old)
            {
                return new RollOutcome.Invalid($"There is no individual enrollment '{device}' with a leaf in the slot that is to be retired.");
            }

            members.Add(new RollMember(device.Value, old));
        }

        var roll = Draft(id, RollKind.Leaf, reason, plan);
        return await SaveAsync(roll, members, actor, cancellationToken);
    }

    internal async Task<RollOutcome> SaveAsync(Roll roll, IReadOnlyList<RollMember> members, string actor, CancellationToken cancellationToken)
    {
        while (!await rolls.TryCreateAsync(roll, members, actor, cancellationToken))
        {
            if (await rolls.FindAsync(roll.Id, cancellationToken) is not { IsPlanned: true } standing)
            {
                return new RollOutcome.Exists();
            }

            var next = roll with { Id = standing.Id, Version = standing.Version, Created = standing.Created };
            if (await rolls.TryReplaceAsync(next, members, actor, cancellationToken))
            {
                return new RollOutcome.Done(next with { Version = next.Version + 1 });
            }
        }

        return new RollOutcome.Done(roll);
    }

    internal static string? FindFault(string id, RollPlan plan) =>
        Roll.IsId(id) ? plan.FindFault() : $"'{id}' is not a name for a roll: 1 to 64 letters, digits and dashes.";

    internal Roll Draft(string id, RollKind kind, RollReason reason, RollPlan plan) => new()
    {
        Id = id,
        Kind = kind,
        Reason = reason,
        Plan = plan,
        State = RollState.Draft,
        Created = time.GetUtcNow(),
    };
}
