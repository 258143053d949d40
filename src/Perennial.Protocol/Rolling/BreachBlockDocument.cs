using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>How what was compromised is blocked; empty to cut it.</summary>
public sealed record BreachBlockDocument : IWireDocument<BreachBlockDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BreachBlockDocument> IWireDocument<BreachBlockDocument>.TypeInfo => RollingJson.Default.BreachBlockDocument;

    /// <summary><c>cut</c>, which is usual, or <c>drain</c>.</summary>
    public string? Mode { get; init; }

    /// <summary>Of a drain: how many devices are let through in a minute; 60 by default.</summary>
    public int? RatePerMinute { get; init; }

    /// <summary>Of a drain: <c>lastSeen</c>, which is usual, or <c>longestValid</c>.</summary>
    public string? Order { get; init; }

    /// <summary>Of a drain: the devices that have their turn before all others, by registration id.</summary>
    public IReadOnlyList<string>? First { get; init; }

    /// <summary>Of a drain: whether leaves are served that were not accepted before. Whoever stole the key can make such leaves.</summary>
    public bool? TakesUnseen { get; init; }
}
