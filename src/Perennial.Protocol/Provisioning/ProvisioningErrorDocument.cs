using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning;

/// <summary>The body of every refusal by the provisioning service. Source: dps-protocol §1.8.</summary>
public sealed record ProvisioningErrorDocument : IWireDocument<ProvisioningErrorDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<ProvisioningErrorDocument> IWireDocument<ProvisioningErrorDocument>.TypeInfo =>
        ProvisioningJson.Default.ProvisioningErrorDocument;

    /// <summary>Six digits; the first three are the HTTP status.</summary>
    public required int ErrorCode { get; init; }

    /// <summary>A GUID by which the operator finds the refusal.</summary>
    public required string TrackingId { get; init; }

    /// <summary>What went wrong, tersely.</summary>
    public required string Message { get; init; }

    /// <summary>Further facts; left out when there are none.</summary>
    public IReadOnlyDictionary<string, string>? Info { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset TimestampUtc { get; init; }
}
