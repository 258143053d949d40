using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning;

/// <summary>The reply to a register or poll request. Source: dps-protocol §1.7.</summary>
public sealed record RegistrationOperationStatus : IWireDocument<RegistrationOperationStatus>
{
    /// <inheritdoc/>
    static JsonTypeInfo<RegistrationOperationStatus> IWireDocument<RegistrationOperationStatus>.TypeInfo =>
        ProvisioningJson.Default.RegistrationOperationStatus;

    /// <summary>The operation; empty only when the enrollment is disabled.</summary>
    [JsonPropertyOrder(0)]
    public required string OperationId { get; init; }

    /// <summary>How far the registration is.</summary>
    [JsonPropertyOrder(1)]
    public required RegistrationStatus Status { get; init; }

    /// <summary>The result; required once the operation has ended, and over HTTPS also while it is under way (dps-protocol §2.2).</summary>
    [JsonPropertyOrder(2)]
    public DeviceRegistrationResult? RegistrationState { get; init; }

    /// <summary>The reply while a registration is under way.</summary>
    /// <param name="operationId">The operation.</param>
    /// <param name="registrationId">The registration id, to include <c>registrationState</c>; null to leave it out.</param>
    /// <returns>The reply.</returns>
    public static RegistrationOperationStatus Assigning(string operationId, RegistrationId? registrationId = null) => new()
    {
        OperationId = operationId,
        Status = RegistrationStatus.Assigning,
        RegistrationState = registrationId is null
            ? null
            : new() { RegistrationId = registrationId.Value, Status = RegistrationStatus.Assigning },
    };

    /// <summary>The reply when the enrollment is disabled.</summary>
    /// <param name="registrationId">The registration id.</param>
    /// <returns>The reply.</returns>
    public static RegistrationOperationStatus Disabled(RegistrationId registrationId) => new()
    {
        OperationId = string.Empty,
        Status = RegistrationStatus.Disabled,
        RegistrationState = new() { RegistrationId = registrationId.Value, Status = RegistrationStatus.Disabled },
    };

    /// <summary>The reply once the operation has ended.</summary>
    /// <param name="operationId">The operation.</param>
    /// <param name="result">The result; its status becomes the status of the reply.</param>
    /// <returns>The reply.</returns>
    public static RegistrationOperationStatus Ended(string operationId, DeviceRegistrationResult result) => new()
    {
        OperationId = operationId,
        Status = result.Status,
        RegistrationState = result,
    };
}
