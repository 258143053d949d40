using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>The enrollments of a rehearsal: a copy, which is changed instead of the stored ones.</summary>
internal sealed class VirtualEnrollments(RehearsalScene scene, VirtualFleet fleet) : IEnrollmentStore, IHubDirectory, ITrustingGroups
{
    private readonly Dictionary<EnrollmentKey, Enrollment> _held = scene.Enrollments.ToDictionary(enrollment => enrollment.Key);

    public IReadOnlyList<string> HostNames { get; } = [.. scene.Enrollments.SelectMany(enrollment => enrollment.HubHostNames).Distinct(StringComparer.OrdinalIgnoreCase)];

    // A device that obtains its leaf itself takes the old one out by using it.
    public Task<Enrollment?> FindAsync(EnrollmentKey key, CancellationToken cancellationToken) => Task.FromResult(
        key.Kind == EnrollmentKind.Individual && fleet.Find(key.Id) is { IsMoved: true, Seen.StagedEnd: null } ? null : _held.GetValueOrDefault(key));

    public Task<IReadOnlyList<CaReference>> FindReferencesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CaReference>>(
    [
        .. names.Select(name => _held.Values.Select(enrollment => enrollment.Mechanism).OfType<AttestationMechanism.CaReferences>()
            .SelectMany(mechanism => mechanism.Filled()).Select(filled => filled.Reference)
            .FirstOrDefault(reference => reference.HasName(name)) ?? new CaReference(name, Stored: null, IsVerified: false)),
    ]);

    public Task<EnrollmentWrite> SaveAsync(Enrollment enrollment, string? expectedETag, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        _held[enrollment.Key] = enrollment;
        return Task.FromResult<EnrollmentWrite>(new EnrollmentWrite.Saved());
    }

    public Task TrustChangedAsync(EnrollmentKey enrollment, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<EnrollmentCandidates> FindCandidatesAsync(RegistrationId id, DeviceProof proof, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<EnrollmentCandidates> FindCandidatesAsync(
        RegistrationId id, DeviceProof proof, ProposedEnrollments proposed, CancellationToken cancellationToken) => throw NotPlayed();

    // Whether the new authority can be staged is asked of the stored enrollments before.
    public Task<EnrollmentWrite> CheckAsync(Enrollment enrollment, string? expectedETag, CancellationToken cancellationToken) =>
        Task.FromResult<EnrollmentWrite>(new EnrollmentWrite.Saved());

    public Task<IReadOnlyList<EnrollmentKey>> ListTrustingAsync(IReadOnlyList<Certificate> certificates, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EnrollmentKey>>(
        [
            .. _held.Values
                .Where(enrollment => enrollment.Key.Kind == EnrollmentKind.Group
                    && enrollment.Mechanism.Certificates.Any(filled => certificates.Any(sought => sought.Thumbprint == filled.Certificate.Thumbprint)))
                .Select(enrollment => enrollment.Key),
        ]);

    public Task<DeleteOutcome> DeleteAsync(EnrollmentKey key, string? etag, string actor, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<Page<Enrollment>> ListAsync(EnrollmentKind kind, PageRequest request, CancellationToken cancellationToken) => throw NotPlayed();

    private static NotSupportedException NotPlayed() => new("It is no part of a rehearsal: chains are judged before it.");
}
