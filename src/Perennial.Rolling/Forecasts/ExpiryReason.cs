using Perennial.X509;

namespace Perennial.Rolling.Forecasts;

/// <summary>Why devices would be refused.</summary>
/// <param name="Refusal">The first check that would fail, in the words for one of them.</param>
/// <param name="Devices">How many.</param>
public sealed record ExpiryReason(Refusal Refusal, long Devices);
