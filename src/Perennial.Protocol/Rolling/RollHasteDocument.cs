using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>Why a roll is hastened.</summary>
public sealed record RollHasteDocument : IWireDocument<RollHasteDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<RollHasteDocument> IWireDocument<RollHasteDocument>.TypeInfo => RollingJson.Default.RollHasteDocument;

    /// <summary>Why, for the audit trail.</summary>
    public required string Reason { get; init; }
}
