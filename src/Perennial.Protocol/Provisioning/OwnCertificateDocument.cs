using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning;

/// <summary>A certificate that a device brings for the free slot of its individual enrollment. The real service has no such call.</summary>
public sealed record OwnCertificateDocument : IWireDocument<OwnCertificateDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<OwnCertificateDocument> IWireDocument<OwnCertificateDocument>.TypeInfo => ProvisioningJson.Default.OwnCertificateDocument;

    /// <summary>The certificate, PEM or base64 of DER.</summary>
    public required string Certificate { get; init; }

    /// <summary>A signing request by the certificate's key in base64 of DER, which proves that the device holds it.</summary>
    public required string Csr { get; init; }
}
