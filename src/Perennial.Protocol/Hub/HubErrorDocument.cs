using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub;

/// <summary>The body of an error over MQTT. Source: hub-protocol §1.5, §4.7.</summary>
public sealed record HubErrorDocument : IWireDocument<HubErrorDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<HubErrorDocument> IWireDocument<HubErrorDocument>.TypeInfo => HubJson.Default.HubErrorDocument;

    /// <summary>Six digits, never 0.</summary>
    public required int ErrorCode { get; init; }

    /// <summary>What went wrong, tersely.</summary>
    public required string Message { get; init; }

    /// <summary>A GUID by which the operator finds the refusal.</summary>
    public required string TrackingId { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset TimestampUtc { get; init; }
}
