using System.Text.Json.Serialization;

namespace Perennial.Server.Audit;

/// <summary>The generated JSON of the audit trail, as it is shown and exported.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditLine))]
[JsonSerializable(typeof(AuditLine[]))]
[JsonSerializable(typeof(AuditVerdictLine))]
internal sealed partial class AuditLineJson : JsonSerializerContext;
