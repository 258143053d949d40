using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>The body of a change of a twin by a service; whatever a service may not write is passed over. Source: hub-protocol §4.4.</summary>
public sealed record TwinChangeDocument : IWireDocument<TwinChangeDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<TwinChangeDocument> IWireDocument<TwinChangeDocument>.TypeInfo => RegistryJson.Default.TwinChangeDocument;

    /// <summary>The change of the tags, or null for none.</summary>
    public JsonObject? Tags { get; init; }

    /// <summary>The change of the properties; only <see cref="TwinPropertiesDocument.Desired"/> counts.</summary>
    public TwinPropertiesDocument? Properties { get; init; }
}
