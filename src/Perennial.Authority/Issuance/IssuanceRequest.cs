using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>A certificate is asked for. That the asker may have it was decided before.</summary>
public sealed record IssuanceRequest
{
    /// <summary>The profile to issue under, an enrollment's <c>credentialPolicyName</c>.</summary>
    public required string ProfileName { get; init; }

    /// <summary>The device's request.</summary>
    public required CertificateSigningRequest SigningRequest { get; init; }

    /// <summary>The name that the certificate must have: the device's registration id. It is spelled as here.</summary>
    public required CommonName CommonName { get; init; }

    /// <summary>Who asks, for the audit, for instance <c>device dev-01</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>
    /// Asked again with the same key (1 to 200 characters), the same signing request gets the same certificate; null issues a new one
    /// each time. Keys are apart by profile and common name.
    /// </summary>
    public string? IdempotencyKey { get; init; }
}
