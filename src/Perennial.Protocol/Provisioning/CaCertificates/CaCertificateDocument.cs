using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.CaCertificates;

/// <summary>A CA certificate of the service. Source: dps-protocol §8.2.</summary>
public sealed record CaCertificateDocument : IWireDocument<CaCertificateDocument>
{
    /// <summary>The value of <see cref="Type"/>.</summary>
    public const string ResourceType = "Microsoft.Devices/ProvisioningServices/Certificates";

    /// <inheritdoc/>
    static JsonTypeInfo<CaCertificateDocument> IWireDocument<CaCertificateDocument>.TypeInfo => CaCertificateJson.Default.CaCertificateDocument;

    /// <summary>The path of the certificate.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Always <see cref="ResourceType"/>.</summary>
    public string Type { get; init; } = ResourceType;

    /// <summary>The tag, without quotes.</summary>
    public required string Etag { get; init; }

    /// <summary>What is known of it.</summary>
    public required CaCertificateProperties Properties { get; init; }
}
