namespace Perennial.Protocol.Rolling;

/// <summary>What one part of the service was measured to bear.</summary>
public sealed record CapacityFigureDocument
{
    /// <summary>Devices in a minute.</summary>
    public required int PerMinute { get; init; }

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset MeasuredUtc { get; init; }

    /// <summary>How it was measured.</summary>
    public required string How { get; init; }
}
