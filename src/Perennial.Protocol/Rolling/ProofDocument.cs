using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>How far the devices of an enrollment have come to use the credential in one slot.</summary>
public sealed record ProofDocument : IWireDocument<ProofDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<ProofDocument> IWireDocument<ProofDocument>.TypeInfo => RollingJson.Default.ProofDocument;

    /// <summary>What stands in the way, when a certificate was asked to be retired; left out otherwise.</summary>
    public string? Message { get; init; }

    /// <summary>The slot that devices are to use: <c>primary</c> or <c>secondary</c>.</summary>
    public required string Slot { get; init; }

    /// <summary>SHA-256 of the certificate in it, 64 hex digits in upper case; left out for a key.</summary>
    public string? Sha256Thumbprint { get; init; }

    /// <summary>Devices registered through the enrollment.</summary>
    public required int Devices { get; init; }

    /// <summary>Those whose last accepted sighting was by the credential.</summary>
    public required int Proven { get; init; }

    /// <summary>The first 100 of the others, by registration id.</summary>
    public required IReadOnlyList<UnprovenDeviceDocument> Unproven { get; init; }
}
