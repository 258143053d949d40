using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Rolling.Sightings;

namespace Perennial.Server.Hosting;

/// <summary>Keeps the verdicts of registrations as sightings.</summary>
internal sealed class SightingLedger(ISightingStore sightings) : IVerdictLedger
{
    public IPendingWrite Prepare(AttestationVerdict verdict) => sightings.Prepare(Sighting.Of(verdict, SightingPath.Provisioning));

    public Task RecordAsync(AttestationVerdict verdict, CancellationToken cancellationToken) =>
        sightings.RecordAsync(Sighting.Of(verdict, SightingPath.Provisioning), cancellationToken);
}
