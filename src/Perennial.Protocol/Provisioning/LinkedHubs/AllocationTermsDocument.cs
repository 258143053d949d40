using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.LinkedHubs;

/// <summary>How the service chooses a hub where an enrollment leaves it open. Source: dps-protocol §6.2, §8.1.</summary>
public sealed record AllocationTermsDocument : IWireDocument<AllocationTermsDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<AllocationTermsDocument> IWireDocument<AllocationTermsDocument>.TypeInfo => LinkedHubJson.Default.AllocationTermsDocument;

    /// <summary><c>Hashed</c>, <c>GeoLatency</c> or <c>Static</c>.</summary>
    public string? AllocationPolicy { get; init; }

    /// <summary>What lowest latency is measured by.</summary>
    public IReadOnlyList<LatencyDocument>? Latencies { get; init; }
}
