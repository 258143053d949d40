using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Registrations;

/// <summary>Storage of registrations.</summary>
public interface IRegistrationStore
{
    Task<Registration?> FindAsync(RegistrationId id, CancellationToken cancellationToken);

    /// <summary>Writes the record and everything that belongs to it in one transaction.</summary>
    /// <param name="next">The record to write.</param>
    /// <param name="expectedETag">The record's ETag as it was read; null when there was none.</param>
    /// <param name="together">Hub identity and sighting, done in the same transaction.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    /// <returns>False when another write came first and nothing was written.</returns>
    Task<bool> TryCommitAsync(
        Registration next, string? expectedETag, IReadOnlyList<IPendingWrite> together, CancellationToken cancellationToken);

    /// <summary>Deletes the record when it exists and its ETag matches; null matches any.</summary>
    Task<DeleteOutcome> DeleteAsync(RegistrationId id, string? etag, string actor, CancellationToken cancellationToken);

    /// <summary>The registrations made through a group, by registration id.</summary>
    Task<Page<Registration>> ListAsync(EnrollmentKey group, PageRequest request, CancellationToken cancellationToken);
}
