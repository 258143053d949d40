using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Credentials;

/// <summary>What a device asks its hub for: a certificate for its next key. Unknown members are refused. Source: hub-protocol §7.1.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CertificateRequestDocument : IWireDocument<CertificateRequestDocument>
{
    /// <summary>The most characters of <see cref="Csr"/>.</summary>
    public const int MaxCsrLength = 8 * 1024;

    /// <summary>As <see cref="Replace"/>: any pending request of the device.</summary>
    public const string ReplaceAny = "*";

    /// <inheritdoc/>
    static JsonTypeInfo<CertificateRequestDocument> IWireDocument<CertificateRequestDocument>.TypeInfo => CredentialJson.Default.CertificateRequestDocument;

    /// <summary>The device, which must be the connection's.</summary>
    public required string Id { get; init; }

    /// <summary>The PKCS#10 request, base64 of its DER encoding.</summary>
    public required string Csr { get; init; }

    /// <summary>The pending request to replace, or <see cref="ReplaceAny"/>; left out for none.</summary>
    public string? Replace { get; init; }
}
