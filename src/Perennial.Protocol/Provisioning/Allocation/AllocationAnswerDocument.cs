using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.Allocation;

/// <summary>What the web hook of a custom allocation answers. Source: dps-protocol §6.3.</summary>
public sealed record AllocationAnswerDocument : IWireDocument<AllocationAnswerDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<AllocationAnswerDocument> IWireDocument<AllocationAnswerDocument>.TypeInfo => AllocationJson.Default.AllocationAnswerDocument;

    /// <summary>The host name of the hub that it chose; one of those it was offered.</summary>
    public string? IotHubHostName { get; init; }

    /// <summary>The twin a new device starts with, instead of the enrollment's.</summary>
    public JsonObject? InitialTwin { get; init; }

    /// <summary>Any JSON for the device.</summary>
    public JsonElement? Payload { get; init; }
}
