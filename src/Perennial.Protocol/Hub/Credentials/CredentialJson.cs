using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Credentials;

/// <summary>The generated JSON of certificate requests. Nulls are not written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    MaxDepth = 8,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(CertificateRequestDocument))]
[JsonSerializable(typeof(CertificatePendingDocument))]
[JsonSerializable(typeof(IssuedCertificatesDocument))]
[JsonSerializable(typeof(CredentialErrorDocument))]
internal sealed partial class CredentialJson : JsonSerializerContext;
