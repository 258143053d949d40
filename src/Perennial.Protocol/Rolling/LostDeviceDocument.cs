using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A device that would lose access in a roll.</summary>
public sealed record LostDeviceDocument : IWireDocument<LostDeviceDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<LostDeviceDocument> IWireDocument<LostDeviceDocument>.TypeInfo => RollingJson.Default.LostDeviceDocument;

    /// <summary>The registration id, in lower case.</summary>
    public required string RegistrationId { get; init; }

    /// <summary>When it would.</summary>
    public required DateTimeOffset AtUtc { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
