using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Issuance;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority;

/// <summary>Makes keys and the certificates for them. Validity begins five minutes back, since clocks differ, and ends with the issuer's at the latest.</summary>
internal sealed class CertificateIssuer(TimeProvider clock)
{
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(5);

    internal IssuedCertificate Issue(AuthorityProfile profile, IssuedCertificate? issuer)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var extensions = new X509Extension[]
        {
            new X509BasicConstraintsExtension(true, profile.PathLength is not null, profile.PathLength ?? 0, critical: true),
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true),
        };
        return Sign(PrivateKey.Create(profile.KeyAlgorithm), SubjectOf(profile.CommonName), extensions, profile.Lifetime, issuer);
    }

    internal IssuedCertificate Issue(LeafProfile profile, IssuedCertificate issuer)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var purpose = profile.Purpose == LeafPurpose.Server ? ChainPolicyOptions.ServerAuthentication : ChainPolicyOptions.ClientAuthentication;
        var extensions = new List<X509Extension>
        {
            new X509BasicConstraintsExtension(false, false, 0, critical: true),
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true),
            new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false),
        };
        if (profile.DnsNames.Count + profile.Addresses.Count > 0)
        {
            extensions.Add(AlternativeNamesOf(profile));
        }

        return Sign(PrivateKey.Create(profile.KeyAlgorithm), SubjectOf(profile.CommonName), extensions, profile.Lifetime, issuer);
    }

    private static X500DistinguishedName SubjectOf(string commonName)
    {
        if (!CommonName.TryParse(commonName, out var name))
        {
            throw new ArgumentException("A common name is 1 to 64 printable ASCII characters.", nameof(commonName));
        }

        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name.Value);
        return subject.Build();
    }

    private static X509Extension AlternativeNamesOf(LeafProfile profile)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in profile.DnsNames)
        {
            names.AddDnsName(name);
        }

        foreach (var address in profile.Addresses)
        {
            names.AddIpAddress(address);
        }

        return names.Build();
    }

    private IssuedCertificate Sign(
        PrivateKey key, X500DistinguishedName subject, IReadOnlyCollection<X509Extension> extensions, TimeSpan lifetime, IssuedCertificate? issuer)
    {
        var signingKey = issuer?.Key ?? key;
        var request = new CertificateRequest(subject, key.PublicKey, signingKey.Hash);
        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        var identifier = new X509SubjectKeyIdentifierExtension(key.PublicKey, X509SubjectKeyIdentifierHashAlgorithm.ShortSha256, critical: false);
        request.CertificateExtensions.Add(identifier);
        if ((issuer is null ? identifier.SubjectKeyIdentifierBytes : issuer.Certificate.SubjectKeyIdentifier) is { } above)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(above.Span));
        }

        var (notBefore, notAfter) = ValidityOf(lifetime, issuer?.Certificate);
        var name = issuer is null ? subject : new X500DistinguishedName(issuer.Certificate.Subject.Der.Span);
        using var signed = request.Create(name, signingKey.Signer, notBefore, notAfter, SerialNumber.Make());
        return Certificate.TryParse(signed.RawData, out var certificate, out var refusal)
            ? new(certificate, key)
            : throw new InvalidOperationException($"A certificate of our own making is refused: {refusal.Detail}");
    }

    private (DateTimeOffset NotBefore, DateTimeOffset NotAfter) ValidityOf(TimeSpan lifetime, Certificate? issuer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        var now = clock.GetUtcNow();
        var start = now - ClockMargin;
        var end = now + lifetime;
        if (issuer is null)
        {
            return (start, end);
        }

        if (now > issuer.NotAfter)
        {
            throw new InvalidOperationException($"{issuer} expired at {issuer.NotAfter:u} and issues nothing any more.");
        }

        return (start > issuer.NotBefore ? start : issuer.NotBefore, end < issuer.NotAfter ? end : issuer.NotAfter);
    }
}
