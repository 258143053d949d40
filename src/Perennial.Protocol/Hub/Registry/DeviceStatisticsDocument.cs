using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>How many devices there are. Source: hub-protocol §4.1.</summary>
public sealed record DeviceStatisticsDocument : IWireDocument<DeviceStatisticsDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<DeviceStatisticsDocument> IWireDocument<DeviceStatisticsDocument>.TypeInfo => RegistryJson.Default.DeviceStatisticsDocument;

    /// <summary>All of them.</summary>
    public required long TotalDeviceCount { get; init; }

    /// <summary>Those that may connect.</summary>
    public required long EnabledDeviceCount { get; init; }

    /// <summary>Those that may not.</summary>
    public required long DisabledDeviceCount { get; init; }
}
