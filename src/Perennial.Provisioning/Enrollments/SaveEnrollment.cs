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
            var (enrollment, expected, refused) = await ApplyAsync(draft, etag, cancellationToken);
            if (refused is not null)
            {
                return refused;
            }

            var written = await store.SaveAsync(enrollment!, expected, actor, cancellationToken);
            if (written is EnrollmentWrite.Saved)
            {
                await hubs.TrustChangedAsync(enrollment!.Key, cancellationToken);
            }

            if (OutcomeOf(written, enrollment!) is { } outcome)
            {
                return outcome;
            }
        }

        return new SaveOutcome.ETagMismatch();
    }

    /// <summary>What <see cref="RunAsync"/> would do, without doing it.</summary>
    public async Task<SaveOutcome> PlanAsync(EnrollmentDraft draft, string? etag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var (enrollment, expected, refused) = await ApplyAsync(draft, etag, cancellationToken);
        return refused
            ?? OutcomeOf(await store.CheckAsync(enrollment!, expected, cancellationToken), enrollment!)
            ?? new SaveOutcome.ETagMismatch();
    }

    private async Task<(Enrollment? Enrollment, string? ETag, SaveOutcome? Refused)> ApplyAsync(
        EnrollmentDraft draft, string? etag, CancellationToken cancellationToken)
    {
        var stored = await store.FindAsync(draft.Key, cancellationToken);
        if (etag is not null && !string.Equals(etag, stored?.ETag, StringComparison.Ordinal))
        {
            return (null, null, new SaveOutcome.ETagMismatch());
        }

        var references = await FindReferencesAsync(draft, cancellationToken);
        return EnrollmentRules.TryApply(draft, stored, references, hubs.HostNames, time.GetUtcNow(), out var enrollment, out var fault)
            ? (enrollment, stored?.ETag, null)
            : (null, null, new SaveOutcome.Invalid(fault));
    }

    /// <returns>Null when the enrollment was changed meanwhile.</returns>
    private static SaveOutcome? OutcomeOf(EnrollmentWrite written, Enrollment enrollment) => written switch
    {
        EnrollmentWrite.Saved => new SaveOutcome.Saved(enrollment),
        EnrollmentWrite.CertificateTaken taken => new SaveOutcome.CertificateTaken(taken.Certificate, taken.Holder, taken.Slot),
        EnrollmentWrite.TooManyKeyGroups => new SaveOutcome.Invalid(
            $"{EnrollmentCandidates.MaxKeyGroups} other groups attest by symmetric key, which is the most that may be enabled. "
            + $"Disable or delete one, or save the {enrollment.Key} disabled."),
        _ => null,
    };

    private async Task<IReadOnlyList<CaReference>> FindReferencesAsync(EnrollmentDraft draft, CancellationToken cancellationToken) =>
        draft.Mechanism is MechanismDraft.CaReferences { Names: var names } ? await store.FindReferencesAsync([.. names], cancellationToken) : [];
}
