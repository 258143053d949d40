using System.Text.Json;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tpm;

namespace Perennial.Provisioning.Registrations;

/// <summary>The record of one device's provisioning: one per registration id, whatever the credential.</summary>
public sealed record Registration
{
    public required RegistrationId Id { get; init; }

    public required RegistrationStatus Status { get; init; }

    public required RegistrationSubstatus Substatus { get; init; }

    /// <summary>Host name of the hub; set from the first assignment on.</summary>
    public string? AssignedHub { get; init; }

    /// <summary>Id on the hub; set from the first assignment on.</summary>
    public string? DeviceId { get; init; }

    public required EnrollmentKey Enrollment { get; init; }

    /// <summary>The enrollment as it stood when the device was assigned.</summary>
    public required string EnrollmentETag { get; init; }

    /// <summary>What the device last registered with.</summary>
    public required RegisteredCredential Credential { get; init; }

    /// <summary>The storage root key that a device with a TPM last showed.</summary>
    public TpmPublic? StorageRootKey { get; init; }

    /// <summary>The operation that made this state; a device that asks again gets the same one.</summary>
    public required string OperationId { get; init; }

    /// <summary>The operation before it, still answered to a client that polls on.</summary>
    public string? PreviousOperationId { get; init; }

    /// <summary>Six-digit code; set when failed (dps-protocol §1.8).</summary>
    public int? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>What the device sent along with its last registration.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>What a custom allocation said for the device: a JSON object.</summary>
    public JsonElement? AllocationPayload { get; init; }

    public required string ETag { get; init; }

    /// <summary>The first registration; kept over every later one.</summary>
    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}
