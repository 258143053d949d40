using System.Text.Json.Serialization;

namespace Perennial.Server.Instances;

/// <summary>JSON of the data folder and of <c>perennial info</c>.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InstanceDocument))]
[JsonSerializable(typeof(LinkedHubsDocument))]
[JsonSerializable(typeof(ServicePoliciesDocument))]
[JsonSerializable(typeof(InstanceSummary))]
internal sealed partial class InstanceJson : JsonSerializerContext;
