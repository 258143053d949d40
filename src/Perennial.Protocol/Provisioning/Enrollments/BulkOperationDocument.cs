using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The body of a bulk request: one operation on up to ten enrollments or enrollment groups. Source: dps-protocol §7.5.</summary>
public sealed record BulkOperationDocument : IWireDocument<BulkOperationDocument>
{
    /// <summary>The most entries of one request.</summary>
    public const int MaxEntries = 10;

    /// <inheritdoc/>
    static JsonTypeInfo<BulkOperationDocument> IWireDocument<BulkOperationDocument>.TypeInfo => EnrollmentJson.Default.BulkOperationDocument;

    /// <summary><c>create</c>, <c>update</c>, <c>updateIfMatchETag</c> or <c>delete</c>; compared without case.</summary>
    public string? Mode { get; init; }

    /// <summary>Individual enrollments, as in a request for one.</summary>
    public IReadOnlyList<JsonObject>? Enrollments { get; init; }

    /// <summary>Enrollment groups, as in a request for one.</summary>
    public IReadOnlyList<JsonObject>? EnrollmentGroups { get; init; }
}
