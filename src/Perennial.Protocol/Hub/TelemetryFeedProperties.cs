namespace Perennial.Protocol.Hub;

/// <summary>The properties of a message in the telemetry feed.</summary>
public sealed record TelemetryFeedProperties
{
    /// <summary>System properties by canonical name, with those the hub stamped (<see cref="StampedProperty"/>).</summary>
    public required IReadOnlyDictionary<string, string?> System { get; init; }

    /// <summary>Application properties.</summary>
    public required IReadOnlyDictionary<string, string?> Application { get; init; }
}
