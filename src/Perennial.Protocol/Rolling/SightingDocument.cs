using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>One handshake that reached a verdict, as the service saw it.</summary>
public sealed record SightingDocument : IWireDocument<SightingDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<SightingDocument> IWireDocument<SightingDocument>.TypeInfo => RollingJson.Default.SightingDocument;

    /// <summary>When the verdict was given.</summary>
    public required DateTimeOffset AtUtc { get; init; }

    /// <summary><c>provisioning</c> or <c>hub</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Host name of the hub; left out for provisioning.</summary>
    public string? Hub { get; init; }

    /// <summary>SHA-256 of the presented certificates, leaf first.</summary>
    public required IReadOnlyList<string> Chain { get; init; }

    /// <summary>The enrollment that took the device, or the one that came nearest to it.</summary>
    public string? Enrollment { get; init; }

    /// <summary>The slot that matched: <c>primary</c> or <c>secondary</c>; left out when refused.</summary>
    public string? Slot { get; init; }

    /// <summary>SHA-256 of the certificate in that slot.</summary>
    public string? Anchor { get; init; }

    /// <summary>The number of the refusal; left out when the device was accepted. Its page is <c>docs/refusals/{number}.md</c>.</summary>
    public int? Refusal { get; init; }

    /// <summary>What was found and what was expected.</summary>
    public string? Explanation { get; init; }
}
