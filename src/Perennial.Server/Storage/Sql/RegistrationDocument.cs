using System.Text.Json;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>What of a registration is no key.</summary>
internal sealed record RegistrationDocument
{
    public required string Id { get; init; }

    public required string EnrollmentId { get; init; }

    public required string EnrollmentETag { get; init; }

    public RegistrationStatus Status { get; init; }

    public RegistrationSubstatus Substatus { get; init; }

    public string? AssignedHub { get; init; }

    public string? DeviceId { get; init; }

    public CredentialKind CredentialKind { get; init; }

    /// <summary>The thumbprint of the leaf, or the fingerprint of a key.</summary>
    public required string Leaf { get; init; }

    /// <summary>Of a TPM, base64; a public key.</summary>
    public string? StorageRootKey { get; init; }

    public required string OperationId { get; init; }

    public string? PreviousOperationId { get; init; }

    public int? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public JsonElement? Payload { get; init; }

    public JsonElement? AllocationPayload { get; init; }

    public long Created { get; init; }

    public long LastUpdated { get; init; }

    public static RegistrationDocument From(Registration registration) => new()
    {
        Id = registration.Id.Value,
        EnrollmentId = registration.Enrollment.Id,
        EnrollmentETag = registration.EnrollmentETag,
        Status = registration.Status,
        Substatus = registration.Substatus,
        AssignedHub = registration.AssignedHub,
        DeviceId = registration.DeviceId,
        CredentialKind = registration.Credential.Kind,
        Leaf = registration.Credential.Thumbprint.ToString(),
        StorageRootKey = registration.StorageRootKey?.ToBase64(),
        OperationId = registration.OperationId,
        PreviousOperationId = registration.PreviousOperationId,
        ErrorCode = registration.ErrorCode,
        ErrorMessage = registration.ErrorMessage,
        Payload = registration.Payload,
        AllocationPayload = registration.AllocationPayload,
        Created = registration.Created.UtcTicks,
        LastUpdated = registration.LastUpdated.UtcTicks,
    };

    public Registration ToDomain(string etag, EnrollmentKind kind) => new()
    {
        Id = Keys.Registration(Id),
        Enrollment = Keys.Enrollment(kind, EnrollmentId),
        EnrollmentETag = EnrollmentETag,
        Status = Status,
        Substatus = Substatus,
        AssignedHub = AssignedHub,
        DeviceId = DeviceId,
        Credential = new RegisteredCredential(CredentialKind, Thumbprint.Parse(Leaf, null)),
        StorageRootKey = StorageRootKey is { } key ? Keys.Tpm(key) : null,
        OperationId = OperationId,
        PreviousOperationId = PreviousOperationId,
        ErrorCode = ErrorCode,
        ErrorMessage = ErrorMessage,
        Payload = Payload,
        AllocationPayload = AllocationPayload,
        ETag = etag,
        Created = new DateTimeOffset(Created, TimeSpan.Zero),
        LastUpdated = new DateTimeOffset(LastUpdated, TimeSpan.Zero),
    };
}
