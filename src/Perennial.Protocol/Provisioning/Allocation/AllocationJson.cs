using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning.Allocation;

/// <summary>The generated JSON of custom allocation. Nulls are never written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(AllocationRequestDocument))]
[JsonSerializable(typeof(AllocationAnswerDocument))]
internal sealed partial class AllocationJson : JsonSerializerContext;
