using Perennial.Provisioning.CaCertificates;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>What of a CA certificate is no key.</summary>
internal sealed record CaCertificateDocument
{
    public required string Name { get; init; }

    public string? VerificationCode { get; init; }

    public long Created { get; init; }

    public long LastUpdated { get; init; }

    public static CaCertificateDocument From(CaCertificate certificate) => new()
    {
        Name = certificate.Name,
        VerificationCode = certificate.VerificationCode,
        Created = certificate.Created.UtcTicks,
        LastUpdated = certificate.LastUpdated.UtcTicks,
    };

    public CaCertificate ToDomain(string etag, bool isVerified, byte[] der) => new()
    {
        Name = Name,
        Certificate = Certificate.TryParse(der, out var certificate, out var refusal)
            ? certificate
            : throw new InvalidDataException($"The database holds a CA certificate that cannot be read: {refusal.Detail}"),
        IsVerified = isVerified,
        VerificationCode = VerificationCode,
        ETag = etag,
        Created = new DateTimeOffset(Created, TimeSpan.Zero),
        LastUpdated = new DateTimeOffset(LastUpdated, TimeSpan.Zero),
    };
}
