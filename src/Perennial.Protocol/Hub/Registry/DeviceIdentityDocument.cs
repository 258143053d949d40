using System.Text.Json.Serialization.Metadata;
using Perennial.Protocol.Provisioning.Enrollments;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>A device identity. Nulls are written. Source: hub-protocol §4.2.</summary>
public sealed record DeviceIdentityDocument : IWireDocument<DeviceIdentityDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<DeviceIdentityDocument> IWireDocument<DeviceIdentityDocument>.TypeInfo => RegistryJson.Default.DeviceIdentityDocument;

    /// <summary>The device id.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Minted when the identity is made; differs after it was deleted and made again.</summary>
    public string? GenerationId { get; init; }

    /// <summary>The tag, without quotes; moves on writes of the identity only.</summary>
    public string? Etag { get; init; }

    /// <summary>Whether it is connected.</summary>
    public ConnectionState? ConnectionState { get; init; }

    /// <summary>Whether it may connect.</summary>
    public DeviceStatus? Status { get; init; }

    /// <summary>Why it may not; at most 128 characters.</summary>
    public string? StatusReason { get; init; }

    /// <summary>When <see cref="ConnectionState"/> last changed; the smallest instant for never.</summary>
    public DateTimeOffset ConnectionStateUpdatedTime { get; init; }

    /// <summary>When <see cref="Status"/> last changed; the smallest instant for never.</summary>
    public DateTimeOffset StatusUpdatedTime { get; init; }

    /// <summary>When it was last heard of; the smallest instant for never.</summary>
    public DateTimeOffset LastActivityTime { get; init; }

    /// <summary>How many messages wait for it.</summary>
    public int CloudToDeviceMessageCount { get; init; }

    /// <summary>How it proves itself.</summary>
    public AuthenticationDocument? Authentication { get; init; }

    /// <summary>What it can do.</summary>
    public DeviceCapabilitiesDocument? Capabilities { get; init; }

    /// <summary>The edge scope, stored and returned.</summary>
    public string? DeviceScope { get; init; }

    /// <summary>The edge parents, stored and returned.</summary>
    public IReadOnlyList<string>? ParentScopes { get; init; }
}
