using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub;

/// <summary>The body of an HTTP error of the hub; its members are capitalised. Source: hub-protocol §4.7.</summary>
public sealed record HubErrorEnvelope : IWireDocument<HubErrorEnvelope>
{
    /// <inheritdoc/>
    static JsonTypeInfo<HubErrorEnvelope> IWireDocument<HubErrorEnvelope>.TypeInfo => HubJson.Default.HubErrorEnvelope;

    /// <summary>Starts with <c>ErrorCode:{Name}</c>, by which a client tells errors apart.</summary>
    [JsonPropertyName("Message")]
    public required string Message { get; init; }

    /// <summary>The tracking id and the time.</summary>
    [JsonPropertyName("ExceptionMessage")]
    public required string ExceptionMessage { get; init; }
}
