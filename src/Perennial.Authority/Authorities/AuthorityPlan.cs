using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Issuance;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>The certificate of an authority as it shall be, before it is signed.</summary>
internal sealed record AuthorityPlan(byte[] ToBeSigned, string SerialNumber, DateTimeOffset NotAfter)
{
    private const string NameConstraints = "2.5.29.30";

    private static readonly TimeSpan Backdating = TimeSpan.FromMinutes(5);

    /// <param name="template">What it shall say.</param>
    /// <param name="issuer">The certificate of the issuer; null for a self-signed one.</param>
    /// <param name="algorithm">How the issuer signs.</param>
    /// <param name="now">The time of issue.</param>
    internal static AuthorityPlan Make(AuthorityTemplate template, Certificate? issuer, SignatureAlgorithm algorithm, DateTimeOffset now)
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(template.PublicKeyInfo.Span, out _);
        var draft = new CertificateRequest(new X500DistinguishedName(template.Subject.Span), key, algorithm.Hash);
        AddExtensions(draft, template, issuer, key);
        var (notBefore, notAfter) = ValidityOf(template, issuer, now);
        var signer = new PlanningSigner(algorithm);
        var serial = Issuance.SerialNumber.Make();
        var above = new X500DistinguishedName((issuer?.Subject.Der ?? template.Subject).Span);
        using var unsigned = draft.Create(above, signer, notBefore, notAfter, serial);
        return new(signer.Planned, Convert.ToHexString(serial), notAfter);
    }

    private static void AddExtensions(CertificateRequest draft, AuthorityTemplate template, Certificate? issuer, PublicKey key)
    {
        var identifier = new X509SubjectKeyIdentifierExtension(key, X509SubjectKeyIdentifierHashAlgorithm.ShortSha256, critical: false);
        draft.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(true, template.PathLength is not null, template.PathLength ?? 0, critical: true));
        draft.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        draft.CertificateExtensions.Add(identifier);
        var above = issuer is null ? identifier.SubjectKeyIdentifierBytes : issuer.SubjectKeyIdentifier;
        if (above is { } bytes)
        {
            draft.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(bytes.Span));
        }

        if (template.Names is { } names)
        {
            draft.CertificateExtensions.Add(new X509Extension(NameConstraints, NameScopeWriter.Write(names), critical: true));
        }
    }

    private static (DateTimeOffset NotBefore, DateTimeOffset NotAfter) ValidityOf(AuthorityTemplate template, Certificate? issuer, DateTimeOffset now)
    {
        var whole = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var (start, end) = (whole - Backdating, whole + template.Validity);
        return issuer is null
            ? (start, end)
            : (start > issuer.NotBefore ? start : issuer.NotBefore, end < issuer.NotAfter ? end : issuer.NotAfter);
    }
}
