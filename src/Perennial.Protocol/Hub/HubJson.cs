using System.Text.Json.Serialization;
using Perennial.Protocol.Hub.Registry;

namespace Perennial.Protocol.Hub;

/// <summary>The generated JSON of the hub. Nulls are written unless a member says otherwise (hub-protocol §4.2).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(List<TelemetryBatchItem>))]
[JsonSerializable(typeof(TelemetryFeedLine))]
[JsonSerializable(typeof(DeviceIdentityDocument))]
[JsonSerializable(typeof(TwinDocument))]
[JsonSerializable(typeof(TwinChangeDocument))]
[JsonSerializable(typeof(DeviceTwinDocument))]
[JsonSerializable(typeof(HubErrorEnvelope))]
[JsonSerializable(typeof(HubErrorDocument))]
[JsonSerializable(typeof(DeviceStatisticsDocument))]
[JsonSerializable(typeof(ServiceStatisticsDocument))]
internal sealed partial class HubJson : JsonSerializerContext;
