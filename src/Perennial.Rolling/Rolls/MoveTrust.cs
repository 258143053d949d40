using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Rolls;

/// <summary>
/// The trust that moves with an issuing authority: into every group that trusts the old one before it issues its last certificate, and out of them when
/// no device needs the old one. Each change is saved with the ETag that was read, so it may be stopped anywhere and be run again.
/// </summary>
public sealed class MoveTrust(IRollStore rolls, IEnrollmentStore enrollments, SaveEnrollment save, IRolledIssuers issuers)
{
    /// <summary>Whether every group that trusts the old authority trusts the new one too, and whether the new one issues.</summary>
    public async Task<RollFacts> CompleteAsync(Roll roll, RollFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roll);
        ArgumentNullException.ThrowIfNull(facts);
        var (old, next) = await FindAsync(roll, cancellationToken);
        var isStaged = true;
        foreach (var group in await ListGroupsAsync(old, next, cancellationToken))
        {
            isStaged &= SlotOf(group, next.Holds) is not null;
        }

        return facts with { IsStaged = isStaged, IsIssuing = next.IsIssuing };
    }

    /// <summary>Why the new authority cannot be staged in a group; null when it can in each.</summary>
    public async Task<string?> FindFaultAsync(RolledIssuer old, RolledIssuer next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(next);
        foreach (var group in await ListGroupsAsync(old, next, cancellationToken))
        {
            if (SlotOf(group, next.Holds) is null && group.Mechanism is not AttestationMechanism.Signers { Slots: { Primary: null } or { Secondary: null } })
            {
                return group.Mechanism is AttestationMechanism.Signers
                    ? $"The {group.Key} trusts the old authority and has no free slot for the new one. Retire what stands in the other slot first."
                    : $"The {group.Key} trusts the old authority by the name of a CA certificate. Let it refer to the new one too, then plan the roll.";
            }
        }

        return null;
    }

    /// <summary>Puts the new authority, or its root where the root is trusted, in the free slot of every group that trusts the old one.</summary>
    /// <returns>Why it could not; null when it did.</returns>
    public async Task<string?> StageAsync(Roll roll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roll);
        var (old, next) = await FindAsync(roll, cancellationToken);
        if (await FindFaultAsync(old, next, cancellationToken) is { } fault)
        {
            return fault;
        }

        foreach (var group in await ListGroupsAsync(old, next, cancellationToken))
        {
            if (SlotOf(group, next.Holds) is null && group.Mechanism is AttestationMechanism.Signers { Slots: var slots })
            {
                var place = new SlotDraft.Place(SlotOf(group, held => held == old.Own.Thumbprint) is null ? next.Chain[^1] : next.Own);
                var draft = new MechanismDraft.X509(true, Held(slots, Slot.Primary) ?? place, Held(slots, Slot.Secondary) ?? place);
                await save.RunAsync(EnrollmentDraft.Of(group, draft), group.ETag, Actor(roll), cancellationToken);
            }
        }

        return null;

        static SlotDraft? Held(CertificateSlots slots, Slot slot) => slots[slot] is { } certificate ? new SlotDraft.Place(certificate) : null;
    }

    /// <summary>Has the new authority issue.</summary>
    public Task<bool> ActivateAsync(Roll roll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roll);
        return issuers.TryActivateAsync(roll.NewIssuer!, Actor(roll), cancellationToken);
    }

    /// <summary>Takes the old authority out of every group that trusts the new one too.</summary>
    /// <returns>Whether it stands in none any more.</returns>
    public async Task<bool> RetireAsync(Roll roll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roll);
        var (old, next) = await FindAsync(roll, cancellationToken);
        var isDone = true;
        foreach (var group in await ListGroupsAsync(old, next, cancellationToken))
        {
            isDone &= SlotOf(group, next.Holds) is not null && SlotOf(group, held => old.Holds(held) && !next.Holds(held)) is { } slot
                && await save.RunAsync(EnrollmentDraft.Without(group, slot), group.ETag, Actor(roll), cancellationToken) is SaveOutcome.Saved;
        }

        return isDone;
    }

    private async Task<(RolledIssuer Old, RolledIssuer Next)> FindAsync(Roll roll, CancellationToken cancellationToken) =>
        (await issuers.FindSlotAsync(roll.OldIssuer!, cancellationToken) ?? throw new InvalidDataException($"The issuer slot '{roll.OldIssuer}' of the roll '{roll.Id}' is not there."),
            await issuers.FindSlotAsync(roll.NewIssuer!, cancellationToken) ?? throw new InvalidDataException($"The issuer slot '{roll.NewIssuer}' of the roll '{roll.Id}' is not there."));

    /// <summary>The groups that hold a certificate of the old authority which is none of the new one.</summary>
    private async Task<IReadOnlyList<Enrollment>> ListGroupsAsync(RolledIssuer old, RolledIssuer next, CancellationToken cancellationToken)
    {
        var groups = new List<Enrollment>();
        foreach (var key in await rolls.ListTrustingAsync([.. old.Chain.Where(one => !next.Holds(one.Thumbprint))], cancellationToken))
        {
            if (await enrollments.FindAsync(key, cancellationToken) is { } group)
            {
                groups.Add(group);
            }
        }

        return groups;
    }

    private static Slot? SlotOf(Enrollment group, Func<Thumbprint, bool> isMeant) =>
        group.Mechanism.AnchorOf(Slot.Primary) is { } primary && isMeant(primary) ? Slot.Primary
        : group.Mechanism.AnchorOf(Slot.Secondary) is { } secondary && isMeant(secondary) ? Slot.Secondary
        : null;

    private static string Actor(Roll roll) => $"roll '{roll.Id}'";
}
