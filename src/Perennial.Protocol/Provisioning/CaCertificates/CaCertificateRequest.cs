using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.CaCertificates;

/// <summary>The body of an upload or of a proof, with the members in <c>properties</c> or, as for a proof, without it. Source: dps-protocol §8.2.</summary>
public sealed record CaCertificateRequest : IWireDocument<CaCertificateRequest>
{
    /// <inheritdoc/>
    static JsonTypeInfo<CaCertificateRequest> IWireDocument<CaCertificateRequest>.TypeInfo => CaCertificateJson.Default.CaCertificateRequest;

    /// <summary>The members of an upload.</summary>
    public CaCertificateRequestProperties? Properties { get; init; }

    /// <summary>The certificate, when it does not stand in <see cref="Properties"/>.</summary>
    public string? Certificate { get; init; }
}
