namespace Perennial.Provisioning.Enrollments;

/// <summary>Creates or replaces an enrollment. It takes effect at once: at the next registration, and on live connections.</summary>
public sealed class SaveEnrollment(IEnrollmentStore store, IHubDirectory hubs, TimeProvider time)
{
    private const int MaxAttempts = 8;

    /// <param name="draft">What is asked for.</param>
    /// <param name="etag">The ETag that the stored enrollment must have; null for any, or none stored.</param>
    /// <param name="actor">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<SaveOutcome> RunAsync(EnrollmentDraft draft, string? etag, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var stored = await store.FindAsync(draft.Key, cancellationToken);
            if (etag is not null && !string.Equals(etag, stored?.ETag, StringComparison.Ordinal))
            {
                return new SaveOutcome.ETagMismatch();
            }

            var references = await FindReferencesAsync(draft, cancellationToken);
            if (!EnrollmentRules.TryApply(draft, stored, references, hubs.HostNames, time.GetUtcNow(), out var enrollment, out var fault))
            {
                return new SaveOutcome.Invalid(fault);
            }

            switch (await store.SaveAsync(enrollment, stored?.ETag, actor, cancellationToken))
            {
                case EnrollmentWrite.Saved:
                    await hubs.TrustChangedAsync(enrollment.Key, cancellationToken);
                    return new SaveOutcome.Saved(enrollment);
                case EnrollmentWrite.CertificateTaken taken:
                    return new SaveOutcome.CertificateTaken(taken.Certificate, taken.Holder, taken.Slot);
                case EnrollmentWrite.TooManyKeyGroups:
                    return new SaveOutcome.Invalid(
                        $"{EnrollmentCandidates.MaxKeyGroups} other groups attest by symmetric key, which is the most that may be enabled. "
                        + $"Disable or delete one, or save the {draft.Key} disabled.");
                default:
                    continue;
            }
        }

        return new SaveOutcome.ETagMismatch();
    }

    private async Task<IReadOnlyList<CaReference>> FindReferencesAsync(EnrollmentDraft draft, CancellationToken cancellationToken) =>
        draft.Mechanism is MechanismDraft.CaReferences { Names: var names } ? await store.FindReferencesAsync([.. names], cancellationToken) : [];
}
