using Perennial.Rolling.Sightings;

namespace Perennial.Server.Fleet;

/// <summary>A page of the latest refusals.</summary>
/// <param name="Refusals">Latest first.</param>
/// <param name="HasNext">Whether there are earlier ones.</param>
public sealed record RefusalPage(IReadOnlyList<SightingRecord> Refusals, bool HasNext);
