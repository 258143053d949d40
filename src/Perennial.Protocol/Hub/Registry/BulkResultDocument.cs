using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>What became of a bulk request; sent with status 200 when all changes were made, otherwise with 400. Source: hub-protocol §4.6.</summary>
public sealed record BulkResultDocument : IWireDocument<BulkResultDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BulkResultDocument> IWireDocument<BulkResultDocument>.TypeInfo => RegistryJson.Default.BulkResultDocument;

    /// <summary>Whether all changes were made.</summary>
    public required bool IsSuccessful { get; init; }

    /// <summary>The changes that were not made.</summary>
    public required IReadOnlyList<BulkErrorDocument> Errors { get; init; }

    /// <summary>Changes that were made in part; always written, clients expect it.</summary>
    public IReadOnlyList<BulkWarningDocument> Warnings { get; init; } = [];
}
