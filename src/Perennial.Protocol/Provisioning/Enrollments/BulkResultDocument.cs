using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The answer to a bulk request; some entries may fail while others are done. Source: dps-protocol §7.5.</summary>
public sealed record BulkResultDocument : IWireDocument<BulkResultDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BulkResultDocument> IWireDocument<BulkResultDocument>.TypeInfo => EnrollmentJson.Default.BulkResultDocument;

    /// <summary>Whether every entry was done.</summary>
    public required bool IsSuccessful { get; init; }

    /// <summary>What went wrong, an item for each entry that failed.</summary>
    public required IReadOnlyList<BulkErrorDocument> Errors { get; init; }
}
