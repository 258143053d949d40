namespace Perennial.Protocol.Provisioning;

/// <summary>What X.509 attestation found. Source: dps-protocol §1.7.</summary>
public sealed record X509RegistrationResult
{
    /// <summary>The enrollment group, for a device of a group.</summary>
    public string? EnrollmentGroupId { get; init; }

    /// <summary>The leaf.</summary>
    public X509CertificateInfo? CertificateInfo { get; init; }

    /// <summary>The signing certificate that took the leaf.</summary>
    public X509CertificateInfo? SigningCertificateInfo { get; init; }
}
