using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning;

/// <summary>The generated JSON of the device API. Nulls are never written: clients take them for errors (dps-protocol §1.7).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(OwnCertificateDocument))]
[JsonSerializable(typeof(TpmChallengeDocument))]
[JsonSerializable(typeof(RegistrationOperationStatus))]
[JsonSerializable(typeof(DeviceRegistrationResult))]
[JsonSerializable(typeof(ProvisioningErrorDocument))]
internal sealed partial class ProvisioningJson : JsonSerializerContext;
