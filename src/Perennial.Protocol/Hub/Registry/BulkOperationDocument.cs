using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Perennial.Protocol.Provisioning.Enrollments;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>One change of a bulk request. Source: hub-protocol §4.6.</summary>
public sealed record BulkOperationDocument
{
    /// <summary>The device; spelled differently elsewhere.</summary>
    public string? Id { get; init; }

    /// <summary>The module, or null.</summary>
    public string? ModuleId { get; init; }

    /// <summary>The tag of the identity, for the modes that compare it.</summary>
    [JsonPropertyName("eTag")]
    public string? Etag { get; init; }

    /// <summary>What to do: <c>create</c>, <c>update</c>, <c>updateIfMatchETag</c>, <c>delete</c>, <c>deleteIfMatchETag</c>, <c>updateTwin</c>
    /// or <c>updateTwinIfMatchETag</c>; clients differ in case.</summary>
    public string? ImportMode { get; init; }

    /// <summary>Whether the device may connect.</summary>
    public DeviceStatus? Status { get; init; }

    /// <summary>Why it may not.</summary>
    public string? StatusReason { get; init; }

    /// <summary>How it proves itself.</summary>
    public AuthenticationDocument? Authentication { get; init; }

    /// <summary>The tag of the twin, for the mode that compares it.</summary>
    [JsonPropertyName("twinETag")]
    public string? TwinEtag { get; init; }

    /// <summary>Changed tags.</summary>
    public JsonObject? Tags { get; init; }

    /// <summary>Changed properties; only the desired ones count.</summary>
    public TwinPropertiesDocument? Properties { get; init; }

    /// <summary>Who manages the module.</summary>
    public string? ManagedBy { get; init; }

    /// <summary>What the device can do.</summary>
    public DeviceCapabilitiesDocument? Capabilities { get; init; }

    /// <summary>The edge scope.</summary>
    public string? DeviceScope { get; init; }
}
