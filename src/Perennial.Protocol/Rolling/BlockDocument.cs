using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A credential or a device that is refused everywhere.</summary>
public sealed record BlockDocument : IWireDocument<BlockDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BlockDocument> IWireDocument<BlockDocument>.TypeInfo => RollingJson.Default.BlockDocument;

    /// <summary><c>certificate</c>, <c>issuer</c> or <c>device</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The SHA-256 thumbprint, or the registration id.</summary>
    public required string Name { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who blocked it.</summary>
    public required string Actor { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset AtUtc { get; init; }
}
