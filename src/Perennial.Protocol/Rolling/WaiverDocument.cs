using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>Why a device is not waited for.</summary>
public sealed record WaiverDocument : IWireDocument<WaiverDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<WaiverDocument> IWireDocument<WaiverDocument>.TypeInfo => RollingJson.Default.WaiverDocument;

    /// <summary>For the record.</summary>
    public required string Reason { get; init; }
}
