using System.Text.Json.Serialization;
using Perennial.Rolling.Rehearsals;

namespace Perennial.Server.Storage.Sql;

/// <summary>The documents kept in columns. A member may be added with a default; none is renamed or given another meaning.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CaCertificateDocument))]
[JsonSerializable(typeof(DeviceDocument))]
[JsonSerializable(typeof(EnrollmentDocument))]
[JsonSerializable(typeof(IssuerSlotDocument))]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(OperationDocument))]
[JsonSerializable(typeof(PolicyPrint))]
[JsonSerializable(typeof(ProfileDocument))]
[JsonSerializable(typeof(RegistrationDocument))]
[JsonSerializable(typeof(SightingDocument))]
[JsonSerializable(typeof(Rehearsal))]
[JsonSerializable(typeof(RollDocument))]
[JsonSerializable(typeof(TelemetryProperties))]
internal sealed partial class StorageJson : JsonSerializerContext;
