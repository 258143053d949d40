using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>The proof that a device of a rehearsal uses its new leaf.</summary>
internal sealed class VirtualSightings(VirtualFleet fleet) : ISightingStore
{
    public Task<ProofOfUse> ProofAsync(EnrollmentKey enrollment, Thumbprint certificate, int unprovenLimit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        return Task.FromResult(fleet.Find(enrollment.Id) is { IsMoved: true } ? new ProofOfUse(1, 1, []) : new ProofOfUse(1, 0, []));
    }

    public IPendingWrite Prepare(Sighting sighting) => throw NotPlayed();

    public Task RecordAsync(Sighting sighting, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<IReadOnlyList<SightingRecord>> ListAsync(string device, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<IReadOnlyList<SightingRecord>> LastBySlotAsync(string device, CancellationToken cancellationToken) => throw NotPlayed();

    private static NotSupportedException NotPlayed() => new("It is no part of a rehearsal.");
}
