using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning;

/// <summary>The result of a registration as the device sees it (<c>registrationState</c>). Members without a value are left out.</summary>
/// <remarks>Source: dps-protocol §1.7.</remarks>
public sealed record DeviceRegistrationResult : IWireDocument<DeviceRegistrationResult>
{
    /// <inheritdoc/>
    static JsonTypeInfo<DeviceRegistrationResult> IWireDocument<DeviceRegistrationResult>.TypeInfo =>
        ProvisioningJson.Default.DeviceRegistrationResult;

    /// <summary>For TPM attestation only.</summary>
    public TpmRegistrationResult? Tpm { get; init; }

    /// <summary>For X.509 attestation only; without members for an individual enrollment.</summary>
    public X509RegistrationResult? X509 { get; init; }

    /// <summary>For symmetric-key attestation only.</summary>
    public SymmetricKeyRegistrationResult? SymmetricKey { get; init; }

    /// <summary>The registration id.</summary>
    public required string RegistrationId { get; init; }

    /// <summary>When the registration record was made; once the operation has ended.</summary>
    public DateTimeOffset? CreatedDateTimeUtc { get; init; }

    /// <summary>The host name of the hub; together with <see cref="DeviceId"/> or not at all.</summary>
    public string? AssignedHub { get; init; }

    /// <summary>The device's name in the hub.</summary>
    public string? DeviceId { get; init; }

    /// <summary>How far the registration is.</summary>
    public required RegistrationStatus Status { get; init; }

    /// <summary>What the assignment did; always with <see cref="RegistrationStatus.Assigned"/>.</summary>
    public RegistrationSubstatus? Substatus { get; init; }

    /// <summary>Six digits; only with <see cref="RegistrationStatus.Failed"/>.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>What went wrong; only with <see cref="RegistrationStatus.Failed"/>.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>When the record last changed; once the operation has ended.</summary>
    public DateTimeOffset? LastUpdatedDateTimeUtc { get; init; }

    /// <summary>The tag of the record; once the operation has ended.</summary>
    public string? Etag { get; init; }

    /// <summary>What a custom allocation returned: a JSON object.</summary>
    public JsonObject? Payload { get; init; }

    /// <summary>The certificates issued for the request's <c>csr</c>, base64 DER, leaf first (preview, dps-protocol §10.2).</summary>
    public IReadOnlyList<string>? IssuedCertificateChain { get; init; }
}
