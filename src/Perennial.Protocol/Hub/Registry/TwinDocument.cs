using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Perennial.Protocol.Provisioning.Enrollments;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>A twin as services see it. Source: hub-protocol §4.4.</summary>
public sealed record TwinDocument : IWireDocument<TwinDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<TwinDocument> IWireDocument<TwinDocument>.TypeInfo => RegistryJson.Default.TwinDocument;

    /// <summary>The device id.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The module id; left out of a device's twin.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ModuleId { get; init; }

    /// <summary>The tag of the twin, without quotes; moves on writes of tags and desired properties.</summary>
    public required string Etag { get; init; }

    /// <summary>The tag of the device identity, without quotes.</summary>
    public required string DeviceEtag { get; init; }

    /// <summary>Whether the device may connect.</summary>
    public required DeviceStatus Status { get; init; }

    /// <summary>Why it may not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StatusReason { get; init; }

    /// <summary>When <see cref="Status"/> last changed; spelled differently in the identity.</summary>
    public DateTimeOffset StatusUpdateTime { get; init; }

    /// <summary>Whether the device is connected.</summary>
    public required ConnectionState ConnectionState { get; init; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset LastActivityTime { get; init; }

    /// <summary>How many messages wait for it.</summary>
    public int CloudToDeviceMessageCount { get; init; }

    /// <summary>How it proves itself.</summary>
    public required AuthenticationType AuthenticationType { get; init; }

    /// <summary>The thumbprints; always written.</summary>
    public required X509ThumbprintDocument X509Thumbprint { get; init; }

    /// <summary>The Plug and Play model; empty for none.</summary>
    public required string ModelId { get; init; }

    /// <summary>Counts every change of the twin.</summary>
    public required long Version { get; init; }

    /// <summary>The tags.</summary>
    public required JsonObject Tags { get; init; }

    /// <summary>The properties.</summary>
    public required TwinPropertiesDocument Properties { get; init; }

    /// <summary>What the device can do.</summary>
    public required DeviceCapabilitiesDocument Capabilities { get; init; }

    /// <summary>The edge scope.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeviceScope { get; init; }

    /// <summary>The edge parents.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ParentScopes { get; init; }
}
