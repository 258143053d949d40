using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>A registration record as the service API shows it. Source: dps-protocol §7.6.</summary>
public sealed record RegistrationStateDocument : IWireDocument<RegistrationStateDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<RegistrationStateDocument> IWireDocument<RegistrationStateDocument>.TypeInfo =>
        EnrollmentJson.Default.RegistrationStateDocument;

    /// <summary>The registration id.</summary>
    public string? RegistrationId { get; init; }

    /// <summary>When the record was made.</summary>
    public DateTimeOffset? CreatedDateTimeUtc { get; init; }

    /// <summary>The host name of the hub.</summary>
    public string? AssignedHub { get; init; }

    /// <summary>The device's name in the hub.</summary>
    public string? DeviceId { get; init; }

    /// <summary>How far the registration is; always written.</summary>
    public RegistrationStatus Status { get; init; }

    /// <summary>What the assignment did.</summary>
    public RegistrationSubstatus? Substatus { get; init; }

    /// <summary>Six digits; only when failed.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>What went wrong; only when failed.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>When the record last changed.</summary>
    public DateTimeOffset? LastUpdatedDateTimeUtc { get; init; }

    /// <summary>The tag of the record.</summary>
    public string? Etag { get; init; }

    /// <summary>What a custom allocation returned.</summary>
    public JsonObject? Payload { get; init; }
}
