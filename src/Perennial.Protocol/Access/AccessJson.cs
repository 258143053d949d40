using System.Text.Json.Serialization;

namespace Perennial.Protocol.Access;

/// <summary>The generated JSON of access policies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 8)]
[JsonSerializable(typeof(PolicyDocument))]
internal sealed partial class AccessJson : JsonSerializerContext;
