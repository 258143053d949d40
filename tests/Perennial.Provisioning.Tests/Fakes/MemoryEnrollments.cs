using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>Enrollments in memory, with the semantics of the port.</summary>
internal sealed class MemoryEnrollments : IEnrollmentStore
{
    private readonly Lock _turn = new();
    private readonly Dictionary<EnrollmentKey, Enrollment> _stored = [];

    public Task<Enrollment?> FindAsync(EnrollmentKey key, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult(_stored.GetValueOrDefault(key));
        }
    }

    public async Task<EnrollmentCandidates> FindCandidatesAsync(RegistrationId id, DeviceProof proof, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_turn)
        {
            var individual = _stored.GetValueOrDefault(EnrollmentKey.Individual(id));
            var leaf = proof.CertificateChain?.Leaf.Thumbprint;
            var holder = _stored.Values.FirstOrDefault(
                e => e.Key.Kind == EnrollmentKind.Individual && e.Mechanism.Certificates.Any(filled => filled.Certificate.Thumbprint == leaf));
            var groups = _stored.Values.Where(e => e.Key.Kind == EnrollmentKind.Group).OrderBy(e => e.Created).ToList();
            return new EnrollmentCandidates(individual, holder, groups);
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
            return Task.FromResult(new Page<Enrollment>([.. _stored.Values.Where(e => e.Key.Kind == kind)], null));
        }
    }
}
