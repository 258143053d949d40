using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Server.Proofs;

/// <summary>A device of a roll that ended, with the sightings of it that are kept, in order.</summary>
internal sealed record ProvenDevice(string Device, Thumbprint Old, int? Wave, DateTimeOffset? Offered, string? Waiver, IReadOnlyList<SightingRecord> Sightings);
