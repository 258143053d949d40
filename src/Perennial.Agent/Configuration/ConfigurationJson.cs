using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perennial.Agent.Configuration;

/// <summary>The JSON of the configuration: comments are welcome, unknown names are refused, so that a misspelled setting is not passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(AgentConfiguration))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
