using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>A device's answer to a direct method; sent with status 200 whatever the device's status is. Source: hub-protocol §4.8.</summary>
public sealed record MethodResponseDocument : IWireDocument<MethodResponseDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<MethodResponseDocument> IWireDocument<MethodResponseDocument>.TypeInfo => RegistryJson.Default.MethodResponseDocument;

    /// <summary>The status that the device's code chose.</summary>
    public required int Status { get; init; }

    /// <summary>The device's JSON.</summary>
    public required JsonElement Payload { get; init; }
}
