using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A block as an operator asks for it.</summary>
public sealed record BlockRequestDocument : IWireDocument<BlockRequestDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BlockRequestDocument> IWireDocument<BlockRequestDocument>.TypeInfo => RollingJson.Default.BlockRequestDocument;

    /// <summary>Why, for the record.</summary>
    public required string Reason { get; init; }

    /// <summary>The issuer's certificate, PEM or base64 DER, when the service does not know it.</summary>
    public string? Certificate { get; init; }
}
