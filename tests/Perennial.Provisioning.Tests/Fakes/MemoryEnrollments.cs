using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>Enrollments in memory, with the semantics of the port.</summary>
internal sealed class MemoryEnrollments : IEnrollmentStore
{
    private readonly Lock _turn = new();
    private readonly Dictionary<EnrollmentKey, Enrollment> _stored = [];
    private readonly Dictionary<string, CaReference> _authorities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The leaves that devices obtained; null when a test needs none.</summary>
    public MemoryLeaves? Leaves { get; set; }

    /// <summary>Stores a CA certificate under a name; null takes it away.</summary>
    public void PlaceAuthority(string name, Certificate? certificate, bool isVerified = true)
    {
        lock (_turn)
        {
            _authorities[name] = new CaReference(name, certificate, isVerified && certificate is not null);
        }
    }

    public Task<Enrollment?> FindAsync(EnrollmentKey key, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult(_stored.TryGetValue(key, out var found) ? Resolved(found) : null);
        }
    }

    public async Task<EnrollmentCandidates> FindCandidatesAsync(RegistrationId id, DeviceProof proof, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var issued = proof.CertificateChain is { Leaf: var presented } && Leaves is not null ? await Leaves.FindAsync(presented.Thumbprint) : null;
        lock (_turn)
        {
            var individual = _stored.GetValueOrDefault(EnrollmentKey.Individual(id));
            var leaf = proof.CertificateChain?.Leaf.Thumbprint;
            var holder = _stored.Values.FirstOrDefault(
                e => e.Key.Kind == EnrollmentKind.Individual && e.Mechanism.Certificates.Any(filled => filled.Certificate.Thumbprint == leaf));
            var groups = _stored.Values.Where(e => e.Key.Kind == EnrollmentKind.Group).OrderBy(e => e.Created).Select(Resolved).ToList();
            return new EnrollmentCandidates(individual, holder, groups) { Issued = issued };
        }
    }

    public async Task<EnrollmentCandidates> FindCandidatesAsync(
        RegistrationId id, DeviceProof proof, ProposedEnrollments proposed, CancellationToken cancellationToken)
    {
        var found = await FindCandidatesAsync(id, proof, cancellationToken);
        return found with
        {
            Individual = proposed.Instead(EnrollmentKey.Individual(id), found.Individual),
            Groups = [.. found.Groups.Where(group => !proposed.Concerns(group.Key)).Concat(proposed.Groups).OrderBy(group => group.Created)],
        };
    }

    public Task<EnrollmentWrite> CheckAsync(Enrollment enrollment, string? expectedETag, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult<EnrollmentWrite>(
                _stored.GetValueOrDefault(enrollment.Key)?.ETag == expectedETag ? new EnrollmentWrite.Saved() : new EnrollmentWrite.Changed());
        }
    }

    public Task<IReadOnlyList<CaReference>> FindReferencesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult<IReadOnlyList<CaReference>>([.. names.Select(Reference)]);
        }
    }

    public Task<EnrollmentWrite> SaveAsync(Enrollment enrollment, string? expectedETag, string actor, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            if (_stored.GetValueOrDefault(enrollment.Key)?.ETag != expectedETag)
            {
                return Task.FromResult<EnrollmentWrite>(new EnrollmentWrite.Changed());
            }

            _stored[enrollment.Key] = enrollment;
            return Task.FromResult<EnrollmentWrite>(new EnrollmentWrite.Saved());
        }
    }

    public Task<DeleteOutcome> DeleteAsync(EnrollmentKey key, string? etag, string actor, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult(_stored.Remove(key) ? DeleteOutcome.Deleted : DeleteOutcome.NotFound);
        }
    }

    public Task<Page<Enrollment>> ListAsync(EnrollmentKind kind, PageRequest request, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult(new Page<Enrollment>([.. _stored.Values.Where(e => e.Key.Kind == kind).Select(Resolved)], null));
        }
    }

    private CaReference Reference(string name) =>
        _authorities.TryGetValue(name, out var found) ? found with { Name = name } : new CaReference(name, Stored: null, IsVerified: false);

    private Enrollment Resolved(Enrollment enrollment) => enrollment.Mechanism is AttestationMechanism.CaReferences { Primary: var primary, Secondary: var secondary }
        ? enrollment with
        {
            Mechanism = new AttestationMechanism.CaReferences(
                primary is null ? null : Reference(primary.Name), secondary is null ? null : Reference(secondary.Name)),
        }
        : enrollment;
}
