using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>How many devices are connected. Source: hub-protocol §4.1.</summary>
public sealed record ServiceStatisticsDocument : IWireDocument<ServiceStatisticsDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<ServiceStatisticsDocument> IWireDocument<ServiceStatisticsDocument>.TypeInfo =>
        RegistryJson.Default.ServiceStatisticsDocument;

    /// <summary>The number.</summary>
    public required long ConnectedDeviceCount { get; init; }
}
