using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>An enrollment store that holds one group, and what its devices were issued.</summary>
internal sealed class OneGroup(Enrollment group) : IEnrollmentStore, IHubDirectory, ITrustingGroups
{
    /// <summary>A leaf that counts by its record.</summary>
    public IssuedLeaf? Issued { get; init; }

    /// <summary>What a save would come to.</summary>
    public EnrollmentWrite Saving { get; init; } = new EnrollmentWrite.Saved();

    public IReadOnlyList<string> HostNames => [];

    public Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<EnrollmentKey>> ListTrustingAsync(IReadOnlyList<Certificate> certificates, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<EnrollmentKey>>(
        group.Mechanism.Certificates.Any(filled => certificates.Any(sought => sought.Thumbprint == filled.Certificate.Thumbprint)) ? [group.Key] : []);

    public Task<Enrollment?> FindAsync(EnrollmentKey key, CancellationToken cancellationToken) => Task.FromResult(key == group.Key ? group : null);

    public Task<EnrollmentCandidates> FindCandidatesAsync(RegistrationId id, DeviceProof proof, CancellationToken cancellationToken) =>
        FindCandidatesAsync(id, proof, ProposedEnrollments.None, cancellationToken);

    public Task<EnrollmentCandidates> FindCandidatesAsync(
        RegistrationId id, DeviceProof proof, ProposedEnrollments proposed, CancellationToken cancellationToken) =>
        Task.FromResult(new EnrollmentCandidates(null, null, proposed.Instead(group.Key, group) is { } one ? [one] : [])
        {
            Issued = Issued is { } record && proof.CertificateChain?.Leaf.Thumbprint == record.Thumbprint ? new IssuedLeafMatch(record, group) : null,
        });

    public Task<IReadOnlyList<CaReference>> FindReferencesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EnrollmentWrite> SaveAsync(Enrollment enrollment, string? expectedETag, string actor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EnrollmentWrite> CheckAsync(Enrollment enrollment, string? expectedETag, CancellationToken cancellationToken) => Task.FromResult(Saving);

    public Task<DeleteOutcome> DeleteAsync(EnrollmentKey key, string? etag, string actor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<Enrollment>> ListAsync(EnrollmentKind kind, PageRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
