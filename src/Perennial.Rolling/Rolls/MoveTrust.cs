using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Rolls;

/// <summary>
/// The trust that moves with an issuing authority: into every group that trusts the old one before it issues its last certificate, and out of them when
/// no device needs the old one. Each change is saved with the ETag that was read, so it may be stopped anywhere and be run again.
/// </summary>
public sealed class MoveTrust(ITrustingGroups trusting, IEnrollmentStore enrollments, SaveEnrollment save, IRolledIssuers issuers)
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
    public async Task<string?> FindFaultAsync(RolledIssuer old, RolledIssuer next, CancellationToken cancellationToken) =>
        (await ForeseeAsync(old, next, cancellationToken)).Fault?.ToString();

    /// <summary>What staging the new authority, and then retiring the old one, would make of the groups, without doing it.</summary>
    public async Task<MovedTrust> ForeseeAsync(RolledIssuer old, RolledIssuer next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(next);
        var (staged, retired) = (new List<Enrollment>(), new List<Enrollment>());
        foreach (var group in await ListGroupsAsync(old, next, cancellationToken))
        {
            if (SlotFaultOf(group, next) is { } fault)
            {
                return new MovedTrust([], [], fault);
            }

            var outcome = StagingOf(group, old, next) is { } draft ? await save.PlanAsync(draft, group.ETag, cancellationToken) : new SaveOutcome.Saved(group);
            if (FaultOf(group, outcome) is { } refused)
            {
                return new MovedTrust([], [], refused);
            }

            var both = outcome is SaveOutcome.Saved { Enrollment: var saved } ? saved : group;
            var left = SlotOf(both, held => old.Holds(held) && !next.Holds(held)) is { } slot
                ? await save.PlanAsync(EnrollmentDraft.Without(both, slot), etag: null, cancellationToken)
                : null;
            staged.Add(both);
            retired.Add(left is SaveOutcome.Saved { Enrollment: var kept } ? kept : both);
        }

        return new MovedTrust(staged, retired);
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
            if (StagingOf(group, old, next) is { } draft && FaultOf(group, await save.RunAsync(draft, group.ETag, Actor(roll), cancellationToken)) is { } refused)
            {
                return refused.ToString();
            }
        }

        return null;
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
        foreach (var key in await trusting.ListTrustingAsync([.. old.Chain.Where(one => !next.Holds(one.Thumbprint))], cancellationToken))
        {
            if (await enrollments.FindAsync(key, cancellationToken) is { } group)
            {
                groups.Add(group);
            }
        }

        return groups;
    }

    private static TrustFault? SlotFaultOf(Enrollment group, RolledIssuer next) => group.Mechanism switch
    {
        _ when SlotOf(group, next.Holds) is not null => null,
        AttestationMechanism.Signers { Slots: { Primary: null } or { Secondary: null } } => null,
        AttestationMechanism.Signers => new($"The {group.Key} trusts the old authority and has no free slot for the new one.", "Retire what stands in the other slot first."),
        _ => new($"The {group.Key} trusts the old authority by the name of a CA certificate.", "Let it refer to the new one too, then plan the roll."),
    };

    // One that was changed meanwhile is looked at again.
    private static TrustFault? FaultOf(Enrollment group, SaveOutcome outcome) => outcome switch
    {
        SaveOutcome.CertificateTaken taken => new($"The {group.Key} is to trust the {taken.Certificate}, which stands in the {taken.Holder} already.", "Take it out there first."),
        SaveOutcome.Invalid { Sentence: var sentence } => new(sentence, $"The new authority is to stand in the {group.Key}: mend that first."),
        _ => null,
    };

    /// <returns>The group with the new authority, or its root, in the free slot; null when it stands there.</returns>
    private static EnrollmentDraft? StagingOf(Enrollment group, RolledIssuer old, RolledIssuer next)
    {
        if (SlotOf(group, next.Holds) is not null || group.Mechanism is not AttestationMechanism.Signers { Slots: var slots })
        {
            return null;
        }

        var place = new SlotDraft.Place(SlotOf(group, held => held == old.Own.Thumbprint) is null ? next.Chain[^1] : next.Own);
        return EnrollmentDraft.Of(group, new MechanismDraft.X509(true, Held(Slot.Primary) ?? place, Held(Slot.Secondary) ?? place));

        SlotDraft? Held(Slot slot) => slots[slot] is { } certificate ? new SlotDraft.Place(certificate) : null;
    }

    private static Slot? SlotOf(Enrollment group, Func<Thumbprint, bool> isMeant) =>
        group.Mechanism.AnchorOf(Slot.Primary) is { } primary && isMeant(primary) ? Slot.Primary
        : group.Mechanism.AnchorOf(Slot.Secondary) is { } secondary && isMeant(secondary) ? Slot.Secondary
        : null;

    private static string Actor(Roll roll) => $"roll '{roll.Id}'";
}
