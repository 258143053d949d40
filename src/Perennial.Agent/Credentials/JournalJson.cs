using System.Text.Json.Serialization;

namespace Perennial.Agent.Credentials;

/// <summary>The generated JSON of the journal.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(AgentState))]
internal sealed partial class JournalJson : JsonSerializerContext;
