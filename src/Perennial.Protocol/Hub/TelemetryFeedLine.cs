using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub;

/// <summary>One line of the telemetry feed, <c>GET /hubs/{hub}/telemetry?from={sequence}</c>: newline-delimited JSON.</summary>
public sealed record TelemetryFeedLine : IWireDocument<TelemetryFeedLine>
{
    /// <summary>The content type of the feed.</summary>
    public const string ContentType = "application/x-ndjson";

    /// <inheritdoc/>
    static JsonTypeInfo<TelemetryFeedLine> IWireDocument<TelemetryFeedLine>.TypeInfo => HubJson.Default.TelemetryFeedLine;

    /// <summary>The place in the feed; ascending without being used twice.</summary>
    public required long Sequence { get; init; }

    /// <summary>The device that sent it.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The module of the device that sent it; left out for a message of the device itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ModuleId { get; init; }

    /// <summary>When the hub stored it.</summary>
    public required DateTimeOffset EnqueuedTime { get; init; }

    /// <summary>What goes along.</summary>
    public required TelemetryFeedProperties Properties { get; init; }

    /// <summary>The body; base64 in the JSON.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Writes the line with the line feed that ends it.</summary>
    /// <returns>The bytes.</returns>
    public byte[] ToLine() => [.. WireJson.ToUtf8(this), (byte)'\n'];
}
