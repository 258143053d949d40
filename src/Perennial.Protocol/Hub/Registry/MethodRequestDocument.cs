using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>A direct method that a service asks of a device or module. Source: hub-protocol §4.8.</summary>
public sealed record MethodRequestDocument : IWireDocument<MethodRequestDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<MethodRequestDocument> IWireDocument<MethodRequestDocument>.TypeInfo => RegistryJson.Default.MethodRequestDocument;

    /// <summary>The method.</summary>
    public string? MethodName { get; init; }

    /// <summary>Any JSON; null when there is none.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>How long the device may take to answer, in seconds; null for the default.</summary>
    public int? ResponseTimeoutInSeconds { get; init; }

    /// <summary>How long a device that is not connected is waited for, in seconds; null for not at all.</summary>
    public int? ConnectTimeoutInSeconds { get; init; }
}
