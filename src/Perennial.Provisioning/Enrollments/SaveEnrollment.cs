namespace Perennial.Provisioning.Enrollments;

/// <summary>Creates or replaces an enrollment. It takes effect at once: at the next registration, and on live connections.</summary>
public sealed class SaveEnrollment(IEnrollmentStore store, IHubDirectory hubs, TimeProvider time)
{
    private const int MaxAttempts = 8;

    /// <param name="draft">What is asked for.</param>
    /// <param name="etag">The ETag that the stored enrollment must have; null for any, or none stored.</param>
    /// <param name="actor">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public Task<SaveOutcome> RunAsync(EnrollmentDraft draft, string? etag, string actor, CancellationToken cancellationToken) =>
        RunAsync(draft, stored => IsOf(stored, etag), actor, cancellationToken);

    /// <summary>Creates an enrollment. One that is there already is a mismatch, and stays as it is.</summary>
    public Task<SaveOutcome> AddAsync(EnrollmentDraft draft, string actor, CancellationToken cancellationToken) =>
        RunAsync(draft, stored => stored is null, actor, cancellationToken);

    private async Task<SaveOutcome> RunAsync(EnrollmentDraft draft, Func<Enrollment?, bool> isExpected, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (enrollment, expected, refused) = await ApplyAsync(draft, isExpected, cancellationToken);
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

    /// <summary>What <see cref="RunAsync(EnrollmentDraft, string?, string, CancellationToken)"/> would do, without doing it.</summary>
    public async Task<SaveOutcome> PlanAsync(EnrollmentDraft draft, string? etag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var (enrollment, expected, refused) = await ApplyAsync(draft, stored => IsOf(stored, etag), cancellationToken);
        return refused
            ?? OutcomeOf(await store.CheckAsync(enrollment!, expected, cancellationToken), enrollment!)
            ?? new SaveOutcome.ETagMismatch();
    }

    private async Task<(Enrollment? Enrollment, string? ETag, SaveOutcome? Refused)> ApplyAsync(
        EnrollmentDraft draft, Func<Enrollment?, bool> isExpected, CancellationToken cancellationToken)
    {
        var stored = await store.FindAsync(draft.Key, cancellationToken);
        if (!isExpected(stored))
        {
            return (null, null, new SaveOutcome.ETagMismatch());
        }

        var references = await FindReferencesAsync(draft, cancellationToken);
        return EnrollmentRules.TryApply(draft, stored, references, hubs.HostNames, time.GetUtcNow(), out var enrollment, out var fault)
            ? (enrollment, stored?.ETag, null)
            : (null, null, new SaveOutcome.Invalid(fault));
    }

    private static bool IsOf(Enrollment? stored, string? etag) => etag is null || string.Equals(etag, stored?.ETag, StringComparison.Ordinal);

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
