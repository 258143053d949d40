using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Jobs;

/// <summary>The generated JSON of jobs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(DeviceJobDocument))]
internal sealed partial class JobJson : JsonSerializerContext;
