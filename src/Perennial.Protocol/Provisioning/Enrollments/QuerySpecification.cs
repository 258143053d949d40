using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The body of a query. Source: dps-protocol §7.4.</summary>
public sealed record QuerySpecification : IWireDocument<QuerySpecification>
{
    /// <inheritdoc/>
    static JsonTypeInfo<QuerySpecification> IWireDocument<QuerySpecification>.TypeInfo => EnrollmentJson.Default.QuerySpecification;

    /// <summary>The text.</summary>
    public string? Query { get; init; }
}
