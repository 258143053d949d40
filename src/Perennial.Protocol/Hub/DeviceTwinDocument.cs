using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub;

/// <summary>The twin as its device sees it: both sections with their <c>$version</c>, without tags and metadata. Source: hub-protocol §1.5.</summary>
public sealed record DeviceTwinDocument : IWireDocument<DeviceTwinDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<DeviceTwinDocument> IWireDocument<DeviceTwinDocument>.TypeInfo => HubJson.Default.DeviceTwinDocument;

    /// <summary>Desired properties with <c>$version</c>, without <c>$metadata</c>.</summary>
    public required JsonObject Desired { get; init; }

    /// <summary>Reported properties with <c>$version</c>, without <c>$metadata</c>.</summary>
    public required JsonObject Reported { get; init; }
}
