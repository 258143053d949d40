using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>An enrollment store that holds one group.</summary>
internal sealed class OneGroup(Enrollment group) : IEnrollmentStore
{
    public Task<Enrollment?> FindAsync(EnrollmentKey key, CancellationToken cancellationToken) => Task.FromResult(key == group.Key ? group : null);

    public Task<EnrollmentCandidates> FindCandidatesAsync(RegistrationId id, DeviceProof proof, CancellationToken cancellationToken) =>
        FindCandidatesAsync(id, proof, ProposedEnrollments.None, cancellationToken);

    public Task<EnrollmentCandidates> FindCandidatesAsync(
        RegistrationId id, DeviceProof proof, ProposedEnrollments proposed, CancellationToken cancellationToken) =>
        Task.FromResult(new EnrollmentCandidates(null, null, proposed.Instead(group.Key, group) is { } one ? [one] : []));

    public Task<IReadOnlyList<CaReference>> FindReferencesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EnrollmentWrite> SaveAsync(Enrollment enrollment, string? expectedETag, string actor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EnrollmentWrite> CheckAsync(Enrollment enrollment, string? expectedETag, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DeleteOutcome> DeleteAsync(EnrollmentKey key, string? etag, string actor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<Enrollment>> ListAsync(EnrollmentKind kind, PageRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
