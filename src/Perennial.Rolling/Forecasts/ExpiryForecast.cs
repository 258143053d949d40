namespace Perennial.Rolling.Forecasts;

/// <summary>Who would be refused at a moment if nothing was rolled until then.</summary>
/// <param name="At">The moment.</param>
/// <param name="Devices">Devices that are accepted now.</param>
/// <param name="Refused">Those of them that would be refused then.</param>
/// <param name="Parts">By what accepts them now, those with the most refused first.</param>
/// <param name="Reasons">Why, the most frequent first.</param>
public sealed record ExpiryForecast(
    DateTimeOffset At, long Devices, long Refused, IReadOnlyList<ExpiryPart> Parts, IReadOnlyList<ExpiryReason> Reasons);
