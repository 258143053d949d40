using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.CaCertificates;

/// <summary>A page of the CA certificates. Source: dps-protocol §8.2.</summary>
public sealed record CaCertificateListDocument : IWireDocument<CaCertificateListDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<CaCertificateListDocument> IWireDocument<CaCertificateListDocument>.TypeInfo =>
        CaCertificateJson.Default.CaCertificateListDocument;

    /// <summary>The certificates, by name.</summary>
    public required IReadOnlyList<CaCertificateDocument> Value { get; init; }
}
