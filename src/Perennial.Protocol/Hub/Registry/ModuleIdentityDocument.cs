using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>The identity of a module of a device. It has no status. Nulls are written. Source: hub-protocol §4.2.</summary>
public sealed record ModuleIdentityDocument : IWireDocument<ModuleIdentityDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<ModuleIdentityDocument> IWireDocument<ModuleIdentityDocument>.TypeInfo => RegistryJson.Default.ModuleIdentityDocument;

    /// <summary>The module id.</summary>
    public string? ModuleId { get; init; }

    /// <summary>Who manages the module, stored and returned.</summary>
    public string? ManagedBy { get; init; }

    /// <summary>The device id.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Minted when the identity is made; differs after it was deleted and made again.</summary>
    public string? GenerationId { get; init; }

    /// <summary>The tag, without quotes; moves on writes of the identity only.</summary>
    public string? Etag { get; init; }

    /// <summary>Whether it is connected.</summary>
    public ConnectionState? ConnectionState { get; init; }

    /// <summary>When <see cref="ConnectionState"/> last changed; the smallest instant for never.</summary>
    public DateTimeOffset ConnectionStateUpdatedTime { get; init; }

    /// <summary>When it was last heard of; the smallest instant for never.</summary>
    public DateTimeOffset LastActivityTime { get; init; }

    /// <summary>How many messages wait for it.</summary>
    public int CloudToDeviceMessageCount { get; init; }

    /// <summary>How it proves itself.</summary>
    public AuthenticationDocument? Authentication { get; init; }
}
