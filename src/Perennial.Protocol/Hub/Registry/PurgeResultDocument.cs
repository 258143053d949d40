using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>The answer to emptying a device's queue. Source: hub-protocol §4.1.</summary>
public sealed record PurgeResultDocument : IWireDocument<PurgeResultDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<PurgeResultDocument> IWireDocument<PurgeResultDocument>.TypeInfo => RegistryJson.Default.PurgeResultDocument;

    /// <summary>How many messages there were.</summary>
    public required int TotalMessagesPurged { get; init; }

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The module of the device, or null.</summary>
    public string? ModuleId { get; init; }
}
