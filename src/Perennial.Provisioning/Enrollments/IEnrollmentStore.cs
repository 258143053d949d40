namespace Perennial.Provisioning.Enrollments;

/// <summary>Storage of enrollments.</summary>
public interface IEnrollmentStore
{
    Task<Enrollment?> FindAsync(EnrollmentKey key, CancellationToken cancellationToken);

    /// <summary>Everything that could decide about a device that proves itself so under this id.</summary>
    Task<EnrollmentCandidates> FindCandidatesAsync(RegistrationId id, DeviceProof proof, CancellationToken cancellationToken);

    /// <summary>The same, as it would be with some enrollments changed.</summary>
    Task<EnrollmentCandidates> FindCandidatesAsync(
        RegistrationId id, DeviceProof proof, ProposedEnrollments proposed, CancellationToken cancellationToken);

    /// <summary>The CA certificates under these names as they are now, in the order of the names.</summary>
    Task<IReadOnlyList<CaReference>> FindReferencesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>Writes the enrollment and its audit row in one transaction.</summary>
    /// <param name="enrollment">The enrollment to write.</param>
    /// <param name="expectedETag">The ETag of the stored one as it was read; null when there was none.</param>
    /// <param name="actor">Who asked for it, for the audit row.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    Task<EnrollmentWrite> SaveAsync(Enrollment enrollment, string? expectedETag, string actor, CancellationToken cancellationToken);

    /// <summary>What <see cref="SaveAsync"/> would say, without writing.</summary>
    Task<EnrollmentWrite> CheckAsync(Enrollment enrollment, string? expectedETag, CancellationToken cancellationToken);

    Task<DeleteOutcome> DeleteAsync(EnrollmentKey key, string? etag, string actor, CancellationToken cancellationToken);

    Task<Page<Enrollment>> ListAsync(EnrollmentKind kind, PageRequest request, CancellationToken cancellationToken);
}
