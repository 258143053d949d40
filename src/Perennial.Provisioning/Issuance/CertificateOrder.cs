using Perennial.X509;

namespace Perennial.Provisioning.Issuance;

/// <summary>A certificate that a device may have.</summary>
public sealed record CertificateOrder
{
    /// <summary>The profile that the enrollment names.</summary>
    public required string Policy { get; init; }

    public required CertificateSigningRequest Request { get; init; }

    /// <summary>The name that the certificate has, spelled so.</summary>
    public required CommonName Name { get; init; }

    /// <summary>Who asks, for the audit.</summary>
    public required string Actor { get; init; }

    /// <summary>Asked again with the same key, the same certificate is answered.</summary>
    public required string IdempotencyKey { get; init; }
}
