using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Finds the enrollments that could decide about a device, as they are or as they would be with some of them changed.</summary>
internal sealed class CandidateSearch(SqlSession session, ProposedEnrollments proposed)
{
    public EnrollmentCandidates Find(RegistrationId id, DeviceProof proof)
    {
        var found = FindEnrollments(id, proof);
        return found with { Blocks = BlockRows.Find(session, id.Value, proof.CertificateChain, found) };
    }

    private EnrollmentCandidates FindEnrollments(RegistrationId id, DeviceProof proof)
    {
        if (Find(EnrollmentKey.Individual(id)) is { } individual)
        {
            return new EnrollmentCandidates(individual, null, []) { Issued = proof.CertificateChain is { Leaf: var leaf } ? Issued(leaf) : null };
        }

        return proof.CertificateChain is { } chain ? Find(chain) : new EnrollmentCandidates(null, null, KeyGroups());
    }

    private EnrollmentCandidates Find(CertificateChain chain)
    {
        var holder = EnrollmentRows.HolderOf(session, chain.Leaf) is ({ Kind: EnrollmentKind.Individual } key, _) ? Find(key) : null;
        var subjects = chain.Issuers.Prepend(chain.Leaf).Select(certificate => certificate.Issuer.Key).Distinct().ToList();
        var stored = subjects.SelectMany(subject => EnrollmentRows.GroupKeysBySubject(session, subject))
            .Distinct(StringComparer.Ordinal)
            .Select(group => Keys.Enrollment(EnrollmentKind.Group, group))
            .Where(key => !proposed.Concerns(key))
            .Select(key => Find(key)!);
        var changed = proposed.Groups.Where(
            group => group.Mechanism.Certificates.Any(filled => subjects.Contains(filled.Certificate.Subject.Key)));
        return new EnrollmentCandidates(null, holder, [.. InOrder(stored.Concat(changed))]) { Issued = Issued(chain.Leaf) };
    }

    private Enrollment? Find(EnrollmentKey key) =>
        proposed.Instead(key, proposed.Concerns(key) ? null : EnrollmentRows.Find(session, key.Kind, Keys.Of(key.Id)));

    private IssuedLeafMatch? Issued(Certificate leaf) =>
        IssuedLeafRows.Find(session, leaf.Thumbprint) is { } record && Find(record.Enrollment) is { } enrollment
            ? new IssuedLeafMatch(record, enrollment)
            : null;

    private IReadOnlyList<Enrollment> KeyGroups() =>
    [
        .. InOrder(EnrollmentKeyRows.GroupKeys(session, isEnabled: true)
            .Concat(EnrollmentKeyRows.GroupKeys(session, isEnabled: false))
            .Select(group => Keys.Enrollment(EnrollmentKind.Group, group))
            .Where(key => !proposed.Concerns(key))
            .Select(key => Find(key)!)
            .Concat(proposed.Groups.Where(group => group.Mechanism is AttestationMechanism.SymmetricKeys))),
    ];

    private static IEnumerable<Enrollment> InOrder(IEnumerable<Enrollment> groups) =>
        groups.OrderBy(group => group.Created).ThenBy(group => Keys.Of(group.Key.Id), StringComparer.Ordinal);
}
