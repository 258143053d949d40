using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Sightings;

/// <summary>
/// Storage of sightings: the last <see cref="PerDevice"/> of each device, and beyond them the last one of each device and slot.
/// </summary>
public interface ISightingStore
{
    /// <summary>Sightings kept of one device.</summary>
    const int PerDevice = 32;

    /// <summary>Prepares a sighting to be written in a registration's transaction.</summary>
    IPendingWrite Prepare(Sighting sighting);

    Task RecordAsync(Sighting sighting, CancellationToken cancellationToken);

    /// <summary>The sightings of one device, latest first.</summary>
    Task<IReadOnlyList<SightingRecord>> ListAsync(string device, CancellationToken cancellationToken);

    /// <summary>The last sighting of a device by each slot of each enrollment.</summary>
    Task<IReadOnlyList<SightingRecord>> LastBySlotAsync(string device, CancellationToken cancellationToken);

    /// <summary>How far the devices registered through an enrollment have come to use one certificate.</summary>
    /// <param name="enrollment">The enrollment.</param>
    /// <param name="certificate">The leaf or signing certificate that devices are to use.</param>
    /// <param name="unprovenLimit">How many devices to name that have not.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    Task<ProofOfUse> ProofAsync(
        EnrollmentKey enrollment, Thumbprint certificate, int unprovenLimit, CancellationToken cancellationToken);
}
