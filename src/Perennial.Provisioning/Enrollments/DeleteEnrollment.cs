namespace Perennial.Provisioning.Enrollments;

/// <summary>Deletes an enrollment. Registration records stay (dps-protocol §7.7); the search for an entry then goes on to the next one.</summary>
public sealed class DeleteEnrollment(IEnrollmentStore store, IHubDirectory hubs)
{
    /// <param name="key">Which one.</param>
    /// <param name="etag">The ETag that it must have; null for any.</param>
    /// <param name="actor">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<DeleteOutcome> RunAsync(EnrollmentKey key, string? etag, string actor, CancellationToken cancellationToken)
    {
        var outcome = await store.DeleteAsync(key, etag, actor, cancellationToken);
        if (outcome == DeleteOutcome.Deleted)
        {
            await hubs.TrustChangedAsync(key, cancellationToken);
        }

        return outcome;
    }
}
