using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>Who would be refused at a moment if nothing was rolled until then.</summary>
public sealed record ExpiryDocument : IWireDocument<ExpiryDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<ExpiryDocument> IWireDocument<ExpiryDocument>.TypeInfo => RollingJson.Default.ExpiryDocument;

    /// <summary>The moment.</summary>
    public required DateTimeOffset AtUtc { get; init; }

    /// <summary>Devices that are accepted now.</summary>
    public required long Devices { get; init; }

    /// <summary>Those of them that would be refused then.</summary>
    public required long Refused { get; init; }

    /// <summary>By what accepts them now, those with the most refused first.</summary>
    public required IReadOnlyList<ExpiryPartDocument> Parts { get; init; }

    /// <summary>Why, the most frequent first.</summary>
    public required IReadOnlyList<ImpactReasonDocument> Reasons { get; init; }
}
