using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>What ending the connections of a device did. Perennial's own.</summary>
public sealed record DisconnectedDocument : IWireDocument<DisconnectedDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<DisconnectedDocument> IWireDocument<DisconnectedDocument>.TypeInfo => RegistryJson.Default.DisconnectedDocument;

    /// <summary>How many connections were ended, those of its modules among them.</summary>
    public required int Connections { get; init; }
}
