using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning.CaCertificates;

/// <summary>The generated JSON of the CA certificates. Nulls are never written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 32)]
[JsonSerializable(typeof(CaCertificateRequest))]
[JsonSerializable(typeof(CaCertificateDocument))]
[JsonSerializable(typeof(CaCertificateListDocument))]
internal sealed partial class CaCertificateJson : JsonSerializerContext;
