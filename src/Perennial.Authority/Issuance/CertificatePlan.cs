using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Issuers;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>A certificate as it shall be, before it is signed.</summary>
internal sealed record CertificatePlan
{
    /// <summary>The certificate with a signature that is none.</summary>
    internal required byte[] Unsigned { get; init; }

    internal required byte[] ToBeSigned { get; init; }

    internal required string SerialNumber { get; init; }

    internal required DateTimeOffset NotBefore { get; init; }

    internal required DateTimeOffset NotAfter { get; init; }

    internal required CommonName CommonName { get; init; }

    internal required ReadOnlyMemory<byte> PublicKeyInfo { get; init; }

    internal static CertificatePlan Make(
        Issuer issuer, CertificateProfile profile, CertificateSigningRequest request, CommonName name, DateTimeOffset now)
    {
        var (notBefore, notAfter) = ValidityOf(profile, issuer.Certificate, now);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name.Value);
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(request.PublicKeyInfo.Span, out _);
        var draft = new CertificateRequest(subject.Build(), key, issuer.Algorithm.Hash);
        AddExtensions(draft, issuer, profile, key);
        var signer = new PlanningSigner(issuer.Algorithm);
        var serial = Issuance.SerialNumber.Make();
        using var unsigned = draft.Create(new X500DistinguishedName(issuer.Certificate.Subject.Der.Span), signer, notBefore, notAfter, serial);
        return new()
        {
            Unsigned = unsigned.RawData,
            ToBeSigned = signer.Planned,
            SerialNumber = Convert.ToHexString(serial),
            NotBefore = notBefore,
            NotAfter = notAfter,
            CommonName = name,
            PublicKeyInfo = request.PublicKeyInfo,
        };
    }

    private static void AddExtensions(CertificateRequest draft, Issuer issuer, CertificateProfile profile, PublicKey key)
    {
        draft.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        draft.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        draft.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. profile.Purposes.Select(oid => new Oid(oid))], critical: false));
        draft.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(key, X509SubjectKeyIdentifierHashAlgorithm.ShortSha256, critical: false));
        if (issuer.Certificate.SubjectKeyIdentifier is { } above)
        {
            draft.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(above.Span));
        }

        if (issuer.RevocationUrl is { } url)
        {
            draft.CertificateExtensions.Add(
                CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([RevocationPlaces.ListOf(url, issuer.Slot.Id)]));
            draft.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([RevocationPlaces.OcspOf(url)], null));
        }
    }

    // Certificates count whole seconds: what is cut off must not lengthen the validity at either end.
    private static (DateTimeOffset NotBefore, DateTimeOffset NotAfter) ValidityOf(CertificateProfile profile, Certificate issuer, DateTimeOffset now)
    {
        var whole = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var (start, end) = (whole - profile.Backdating, whole + profile.Validity);
        return (start > issuer.NotBefore ? start : issuer.NotBefore, end < issuer.NotAfter ? end : issuer.NotAfter);
    }
}
