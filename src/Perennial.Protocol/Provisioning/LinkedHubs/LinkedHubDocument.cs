using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.LinkedHubs;

/// <summary>A hub that is linked to the service. Source: dps-protocol §8.1.</summary>
public sealed record LinkedHubDocument : IWireDocument<LinkedHubDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<LinkedHubDocument> IWireDocument<LinkedHubDocument>.TypeInfo => LinkedHubJson.Default.LinkedHubDocument;

    /// <summary>Its host name; on reading.</summary>
    public string? Name { get; init; }

    /// <summary>How its registry is reached; on reading the key is masked, and a hub of the process has none.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Where it is; free text.</summary>
    public string? Location { get; init; }

    /// <summary>Its share in hashed allocation, 1 to 1,000.</summary>
    public int? AllocationWeight { get; init; }

    /// <summary>Whether enrollments that name no hub may get it.</summary>
    public bool? ApplyAllocationPolicy { get; init; }
}
