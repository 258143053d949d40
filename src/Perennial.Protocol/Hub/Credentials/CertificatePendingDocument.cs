using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Credentials;

/// <summary>The answer 202: the certificate is being made. Source: hub-protocol §7.1.</summary>
public sealed record CertificatePendingDocument : IWireDocument<CertificatePendingDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<CertificatePendingDocument> IWireDocument<CertificatePendingDocument>.TypeInfo => CredentialJson.Default.CertificatePendingDocument;

    /// <summary>The operation, for logs.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>When the operation is dropped.</summary>
    public required DateTimeOffset OperationExpires { get; init; }
}
