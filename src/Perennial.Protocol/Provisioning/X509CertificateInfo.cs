using Perennial.X509;

namespace Perennial.Protocol.Provisioning;

/// <summary>What the wire tells about a certificate; all eight members are always written. Source: dps-protocol §1.7, §7.6.</summary>
public sealed record X509CertificateInfo
{
    /// <summary>The subject, for instance <c>CN=dev-01, O=x</c>.</summary>
    public string? SubjectName { get; init; }

    /// <summary>SHA-1 of the DER, upper-case hex.</summary>
    public string? Sha1Thumbprint { get; init; }

    /// <summary>SHA-256 of the DER, upper-case hex.</summary>
    public string? Sha256Thumbprint { get; init; }

    /// <summary>The issuer, in the form of the subject.</summary>
    public string? IssuerName { get; init; }

    /// <summary>The start of validity.</summary>
    public DateTimeOffset? NotBeforeUtc { get; init; }

    /// <summary>The end of validity.</summary>
    public DateTimeOffset? NotAfterUtc { get; init; }

    /// <summary>The serial number, upper-case hex.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>The X.509 version, 1 to 3.</summary>
    public int? Version { get; init; }

    /// <summary>Describes a certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>All eight members.</returns>
    public static X509CertificateInfo From(Certificate certificate) => new()
    {
        SubjectName = certificate.Subject.Text,
        Sha1Thumbprint = certificate.Sha1Thumbprint,
        Sha256Thumbprint = certificate.Thumbprint.ToString(),
        IssuerName = certificate.Issuer.Text,
        NotBeforeUtc = certificate.NotBefore,
        NotAfterUtc = certificate.NotAfter,
        SerialNumber = certificate.SerialNumber,
        Version = certificate.Version,
    };
}
