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

    /// <summary>The devices that the change is about when it is about a few, by registration id; null for all that it may concern.</summary>
    public EnrollmentKey? Only => Proposed.Keys is [{ Kind: EnrollmentKind.Individual } one] && RevokedIssuer is null ? one : null;

    /// <summary>What would decide about a device after the change.</summary>
    /// <param name="candidates">What would by the proposed enrollments.</param>
    public EnrollmentCandidates Apply(EnrollmentCandidates candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return RevokedIssuer is { } revoked && candidates.Issued is { Record: var record } issued && record.Chain.Skip(1).Any(above => above.Thumbprint == revoked)
            ? candidates with { Issued = issued with { Record = record with { IsRevoked = true } } }
            : candidates;
    }
}
