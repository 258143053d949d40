using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>What a change of trust would do to devices, in numbers; nothing was changed.</summary>
public sealed record ImpactDocument : IWireDocument<ImpactDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<ImpactDocument> IWireDocument<ImpactDocument>.TypeInfo => RollingJson.Default.ImpactDocument;

    /// <summary>The change, for people.</summary>
    public required string Change { get; init; }

    /// <summary>When it was computed.</summary>
    public required DateTimeOffset AtUtc { get; init; }

    /// <summary>How many devices, by outcome; devices that the change does not concern are in none.</summary>
    public required ImpactCountsDocument Devices { get; init; }

    /// <summary>Devices that are accepted now and would be refused, or for less long: the sum of the three <c>loses…</c> and of <c>drains</c>.</summary>
    public required long Losing { get; init; }

    /// <summary>When devices that stay accepted lose access by the end of a certificate, by day.</summary>
    public required IReadOnlyList<ImpactEndDocument> Ends { get; init; }

    /// <summary>Why devices lose access, the most frequent first.</summary>
    public required IReadOnlyList<ImpactReasonDocument> Reasons { get; init; }
}
