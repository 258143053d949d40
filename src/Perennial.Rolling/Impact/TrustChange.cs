using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>A change of trust that is not made yet.</summary>
/// <param name="Sentence">What it is, for people.</param>
/// <param name="Proposed">The enrollments that it changes, as they would be.</param>
public sealed record TrustChange(string Sentence, ProposedEnrollments Proposed)
{
    /// <summary>The certificate of an authority of this service that would be revoked; null when none would.</summary>
    public Thumbprint? RevokedIssuer { get; init; }

    /// <summary>What would be blocked; null when nothing would.</summary>
    public Block? Block { get; init; }

    /// <summary>The block that would be taken away; null when none would.</summary>
    public Block? Lifted { get; init; }

    /// <summary>The device that a block of a device or of a certificate is about.</summary>
    public RegistrationId? Blocked { get; init; }

    /// <summary>The devices that the change is about when it is about a few, by registration id; null for all that it may concern.</summary>
    public EnrollmentKey? Only => Blocked is { } device ? EnrollmentKey.Individual(device) : Proposed.Keys is [{ Kind: EnrollmentKind.Individual } one] && RevokedIssuer is null ? one : null;

    /// <summary>Whether the change concerns devices with individual enrollments beside the one that it proposes.</summary>
    public bool ConcernsEnrolled => Block is not null || Lifted is not null || RevokedIssuer is not null;

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

        return RevokedIssuer is { } revoked && candidates.Issued is { Record: var record } issued && record.Chain.Skip(1).Any(above => above.Thumbprint == revoked)
            ? candidates with { Issued = issued with { Record = record with { IsRevoked = true } } }
            : candidates;
    }
}
