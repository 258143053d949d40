using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>The generated JSON of the registry. Nulls are written unless a member says otherwise (hub-protocol §4.2).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(BulkOperationsDocument))]
[JsonSerializable(typeof(BulkResultDocument))]
[JsonSerializable(typeof(DeviceIdentityDocument))]
[JsonSerializable(typeof(MethodRequestDocument))]
[JsonSerializable(typeof(MethodResponseDocument))]
[JsonSerializable(typeof(ModuleIdentityDocument))]
[JsonSerializable(typeof(TwinDocument))]
[JsonSerializable(typeof(TwinChangeDocument))]
[JsonSerializable(typeof(PurgeResultDocument))]
[JsonSerializable(typeof(DeviceStatisticsDocument))]
[JsonSerializable(typeof(DisconnectedDocument))]
[JsonSerializable(typeof(ServiceStatisticsDocument))]
internal sealed partial class RegistryJson : JsonSerializerContext;
