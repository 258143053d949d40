namespace Perennial.Protocol.Rolling;

/// <summary>When a roll would end, by what is known now. That it ends at the latest with the last old leaf stands in its progress.</summary>
public sealed record RollForecastDocument
{
    /// <summary>When the last device is offered the new certificate, if every gate opens as soon as its wave was watched long enough.</summary>
    public DateTimeOffset? LastOfferUtc { get; init; }

    /// <summary>When no device holds the overlap open any more, if devices go on moving as they did since the start.</summary>
    public DateTimeOffset? AtPaceUtc { get; init; }
}
