using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>Why devices that are accepted now would be refused.</summary>
/// <param name="Refusal">The first check that would fail, in the words for one of them.</param>
/// <param name="Devices">How many.</param>
public sealed record ImpactReason(Refusal Refusal, long Devices);
