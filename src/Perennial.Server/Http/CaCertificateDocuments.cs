using System.Globalization;
using Perennial.Protocol.Provisioning.CaCertificates;
using Perennial.Provisioning.CaCertificates;

namespace Perennial.Server.Http;

/// <summary>CA certificates on the wire (dps-protocol §8.2).</summary>
internal static class CaCertificateDocuments
{
    public static CaCertificateDocument From(CaCertificate certificate, bool showsCode = false) => new()
    {
        Id = $"/certificates/{certificate.Name}",
        Name = certificate.Name,
        Etag = certificate.ETag,
        Properties = new CaCertificateProperties
        {
            Subject = certificate.Certificate.Subject.Text,
            Expiry = Time(certificate.Certificate.NotAfter),
            Thumbprint = certificate.Certificate.Sha1Thumbprint,
            IsVerified = certificate.IsVerified,
            Certificate = Convert.ToBase64String(certificate.Certificate.Der.Span),
            Created = Time(certificate.Created),
            Updated = Time(certificate.LastUpdated),
            VerificationCode = showsCode ? certificate.VerificationCode : null,
        },
    };

    private static string Time(DateTimeOffset at) => at.ToString("R", CultureInfo.InvariantCulture);
}
