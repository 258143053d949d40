using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A credential, a device or a group that is refused everywhere, or may only obtain a new certificate.</summary>
public sealed record BlockDocument : IWireDocument<BlockDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BlockDocument> IWireDocument<BlockDocument>.TypeInfo => RollingJson.Default.BlockDocument;

    /// <summary><c>certificate</c>, <c>issuer</c>, <c>device</c> or <c>group</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The SHA-256 thumbprint, the registration id, or the id of the group.</summary>
    public required string Name { get; init; }

    /// <summary><c>cut</c>: refused; or <c>drain</c>: may obtain a new certificate, and nothing else.</summary>
    public required string Mode { get; init; }

    /// <summary>How many devices of a drain are let through in a minute.</summary>
    public int? RatePerMinute { get; init; }

    /// <summary><c>lastSeen</c> or <c>longestValid</c>: which devices of a drain have their turn first.</summary>
    public string? Order { get; init; }

    /// <summary>The devices that have their turn before all others.</summary>
    public IReadOnlyList<string>? First { get; init; }

    /// <summary>Whether leaves are served that were not accepted before the drain.</summary>
    public bool? TakesUnseen { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who blocked it.</summary>
    public required string Actor { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset AtUtc { get; init; }

    /// <summary>Devices of a drain, those that had the credential when it began; left out in lists.</summary>
    public long? Devices { get; init; }

    /// <summary>Those of them that had their turn.</summary>
    public long? Admitted { get; init; }

    /// <summary>Since when turns are given; left out while the devices are put in order.</summary>
    public DateTimeOffset? TurnsSinceUtc { get; init; }
}
