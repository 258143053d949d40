using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.LinkedHubs;

/// <summary>The linked hubs, in the shape of Azure's lists.</summary>
public sealed record LinkedHubListDocument : IWireDocument<LinkedHubListDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<LinkedHubListDocument> IWireDocument<LinkedHubListDocument>.TypeInfo => LinkedHubJson.Default.LinkedHubListDocument;

    /// <summary>The hubs.</summary>
    public required IReadOnlyList<LinkedHubDocument> Value { get; init; }
}
