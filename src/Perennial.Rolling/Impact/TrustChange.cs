using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Impact;

/// <summary>A change of trust that is not made yet.</summary>
/// <param name="Sentence">What it is, for people.</param>
/// <param name="Proposed">The enrollments that it changes, as they would be.</param>
public sealed record TrustChange(string Sentence, ProposedEnrollments Proposed)
{
    /// <summary>The slot of an authority of this service that would be revoked; null when none would.</summary>
    public string? RevokedSlot { get; init; }

    /// <summary>What would be blocked; null when nothing would.</summary>
    public Block? Block { get; init; }

    /// <summary>The block that would be taken away; null when none would.</summary>
    public Block? Lifted { get; init; }

    /// <summary>The device that a block of a device or of a certificate is about.</summary>
    public RegistrationId? Blocked { get; init; }

    /// <summary>The devices that the change is about when it is about a few, by registration id; null for all that it may concern.</summary>
    public EnrollmentKey? Only => Blocked is { } device ? EnrollmentKey.Individual(device)
        : Proposed.Keys is [{ Kind: EnrollmentKind.Individual } one] && RevokedSlot is null ? one : null;

    /// <summary>Whether the change concerns devices with individual enrollments beside the one that it proposes.</summary>
    public bool ConcernsEnrolled => Block is not null || Lifted is not null || RevokedSlot is not null;

    /// <summary>What would decide about a device after the change.</summary>
    /// <param name="candidates">What would by the proposed enrollments.</param>
    public EnrollmentCandidates Apply(EnrollmentCandidates candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (Block is { } block)
        {
            return candidates with { Blocks = [.. candidates.Blocks.Where(standing => !standing.IsAbout(block)), block] };
        }

        if (Lifted is { } lifted)
        {
            return candidates with { Blocks = [.. candidates.Blocks.Where(standing => !standing.IsAbout(lifted))] };
        }

        return RevokedSlot is { } revoked && candidates.Issued is { Record: var record } issued && record.IssuedBy == revoked
            ? candidates with { Issued = issued with { Record = record with { IsRevoked = true } } }
            : candidates;
    }

    /// <summary>Whether a block of a group would be made or taken away.</summary>
    internal bool IsOfGroupBlock => (Block ?? Lifted)?.Kind == BlockKind.Group;

    /// <summary>The groups that it changes, and the one of which it makes or takes away the block.</summary>
    internal IEnumerable<EnrollmentKey> Groups =>
        Proposed.Keys.Where(key => key.Kind == EnrollmentKind.Group).Concat(BlockedGroup is { } blocked ? [blocked] : []);

    /// <summary>The group of which it makes or takes away the block; null for none.</summary>
    internal EnrollmentKey? BlockedGroup => IsOfGroupBlock && EnrollmentKey.TryGroup((Block ?? Lifted)!.Name, out var blocked) ? blocked : null;

    /// <summary>The block of a group after the change; null when it would not be blocked.</summary>
    internal Block? BlockOf(RegisteredGroup group) =>
        Block is { } block && group.Key?.IsRefusedBy(block) == true ? block
        : Lifted is { } lifted && group.Key?.IsRefusedBy(lifted) == true ? null
        : group.Block;
}
