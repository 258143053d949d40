using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Rolling.Proofs;

/// <summary>A device of a roll that ended, with the sightings of it that are kept, in order.</summary>
public sealed record ProvenDevice(string Device, Thumbprint Old, int? Wave, DateTimeOffset? Offered, string? Waiver, IReadOnlyList<SightingRecord> Sightings);
