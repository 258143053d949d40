namespace Perennial.Authority.Revocation;

/// <summary>What is known of a serial number.</summary>
public abstract record CertificateStatus
{
    private CertificateStatus()
    {
    }

    /// <summary>It was issued, and is not revoked.</summary>
    public sealed record Good : CertificateStatus;

    /// <summary>It is revoked.</summary>
    /// <param name="Certificate">When and why.</param>
    public sealed record Revoked(RevokedCertificate Certificate) : CertificateStatus;

    /// <summary>No certificate with this number was issued.</summary>
    public sealed record Unknown : CertificateStatus;
}
