using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning.LinkedHubs;

/// <summary>The generated JSON of linked hubs. Nulls are never written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 32)]
[JsonSerializable(typeof(LinkedHubDocument))]
[JsonSerializable(typeof(LinkedHubListDocument))]
[JsonSerializable(typeof(AllocationTermsDocument))]
internal sealed partial class LinkedHubJson : JsonSerializerContext;
