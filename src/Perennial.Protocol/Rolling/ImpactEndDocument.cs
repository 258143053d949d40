namespace Perennial.Protocol.Rolling;

/// <summary>Devices whose access ends on one day.</summary>
public sealed record ImpactEndDocument
{
    /// <summary>The day, UTC, as <c>yyyy-MM-dd</c>.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>How many.</summary>
    public required long Devices { get; init; }
}
