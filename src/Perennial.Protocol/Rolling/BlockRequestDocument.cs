using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A block as an operator asks for it.</summary>
public sealed record BlockRequestDocument : IWireDocument<BlockRequestDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BlockRequestDocument> IWireDocument<BlockRequestDocument>.TypeInfo => RollingJson.Default.BlockRequestDocument;

    /// <summary>Why, for the record.</summary>
    public required string Reason { get; init; }

    /// <summary><c>cut</c>, which is usual, or <c>drain</c>, for a certificate or an issuer.</summary>
    public string? Mode { get; init; }

    /// <summary>Of a drain: how many devices are let through in a minute; 60 by default.</summary>
    public int? RatePerMinute { get; init; }

    /// <summary>Of a drain: <c>lastSeen</c>, which is usual, or <c>longestValid</c>.</summary>
    public string? Order { get; init; }

    /// <summary>Of a drain: the devices that have their turn before all others, by registration id.</summary>
    public IReadOnlyList<string>? First { get; init; }

    /// <summary>Of a drain: whether leaves are served that were not accepted before. Whoever stole the key can make such leaves.</summary>
    public bool? TakesUnseen { get; init; }

    /// <summary>The issuer's certificate, PEM or base64 DER, when the service does not know it.</summary>
    public string? Certificate { get; init; }
}
