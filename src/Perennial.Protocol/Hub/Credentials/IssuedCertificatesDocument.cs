using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Credentials;

/// <summary>The answer 200: what was issued. Source: hub-protocol §7.1.</summary>
public sealed record IssuedCertificatesDocument : IWireDocument<IssuedCertificatesDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<IssuedCertificatesDocument> IWireDocument<IssuedCertificatesDocument>.TypeInfo => CredentialJson.Default.IssuedCertificatesDocument;

    /// <summary>The operation, for logs.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>Base64 of DER, the leaf first, at most three.</summary>
    public required IReadOnlyList<string> Certificates { get; init; }
}
