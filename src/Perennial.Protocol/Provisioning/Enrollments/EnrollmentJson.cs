using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The generated JSON of the service API. Nulls are never written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(IndividualEnrollmentDocument))]
[JsonSerializable(typeof(EnrollmentGroupDocument))]
[JsonSerializable(typeof(AttestationDocument))]
[JsonSerializable(typeof(RegistrationStateDocument))]
[JsonSerializable(typeof(QuerySpecification))]
[JsonSerializable(typeof(BulkOperationDocument))]
[JsonSerializable(typeof(BulkResultDocument))]
internal sealed partial class EnrollmentJson : JsonSerializerContext;
