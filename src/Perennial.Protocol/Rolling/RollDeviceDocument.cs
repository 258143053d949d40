using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A device of a roll.</summary>
public sealed record RollDeviceDocument : IWireDocument<RollDeviceDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<RollDeviceDocument> IWireDocument<RollDeviceDocument>.TypeInfo => RollingJson.Default.RollDeviceDocument;

    /// <summary>The registration id, in lower case.</summary>
    public required string RegistrationId { get; init; }

    /// <summary><c>pending</c>, <c>offered</c>, <c>failed</c>, <c>moved</c>, <c>ended</c> or <c>waived</c>.</summary>
    public required string State { get; init; }

    /// <summary>The wave in which it was offered the new certificate.</summary>
    public int? Wave { get; init; }

    /// <summary>When it was.</summary>
    public DateTimeOffset? OfferedUtc { get; init; }

    /// <summary>When it was last seen.</summary>
    public DateTimeOffset? SeenUtc { get; init; }

    /// <summary>When the leaf ends that it was last accepted with.</summary>
    public DateTimeOffset? LeafEndsUtc { get; init; }

    /// <summary>Why it is not waited for, or what failed.</summary>
    public string? Remark { get; init; }
}
