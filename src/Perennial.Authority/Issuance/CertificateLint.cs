using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Security.Certificates;
using Org.BouncyCastle.X509;
using Perennial.Authority.Issuers;

namespace Perennial.Authority.Issuance;

/// <summary>Parses a planned certificate with an implementation that did not make it, and compares it with what is wanted.</summary>
internal static class CertificateLint
{
    private static readonly HashSet<string> Critical = new(StringComparer.Ordinal) { X509Extensions.BasicConstraints.Id, X509Extensions.KeyUsage.Id };

    /// <returns>The first difference, in a sentence; null when there is none.</returns>
    internal static string? FindDifference(CertificatePlan plan, Issuer issuer, CertificateProfile profile)
    {
        try
        {
            var read = new X509CertificateParser().ReadCertificate(plan.Unsigned);
            return Differences(read, plan, issuer, profile).FirstOrDefault();
        }
        catch (Exception fault) when (fault is CertificateException or IOException or ArgumentException or InvalidCastException or FormatException)
        {
            return $"the plan cannot be read: {fault.Message}";
        }
    }

    private static IEnumerable<string> Differences(X509Certificate read, CertificatePlan plan, Issuer issuer, CertificateProfile profile)
    {
        (bool IsSo, string What)[] rules =
        [
            (read.Version == 3, "it is not of version 3"),
            (read.GetTbsCertificate().AsSpan().SequenceEqual(plan.ToBeSigned), "its signed part is read otherwise than it was written"),
            (Convert.ToHexString(read.SerialNumber.ToByteArray()) == plan.SerialNumber && read.SerialNumber.SignValue > 0, "its serial number differs"),
            (read.IssuerDN.GetDerEncoded().AsSpan().SequenceEqual(issuer.Certificate.Subject.Der.Span), "its issuer is not named as the issuer is"),
            (HasName(read, plan.CommonName.Value), "its subject is not the one common name that was demanded"),
            (read.CertificateStructure.SubjectPublicKeyInfo.GetDerEncoded().AsSpan().SequenceEqual(plan.PublicKeyInfo.Span), "its key is not the request's"),
            (read.SigAlgOid == issuer.Algorithm.Oid, "its signature algorithm is not the issuer's"),
            (IsTimely(read, issuer, profile), "its validity is longer than the profile or the issuer allows"),
            (HasExtensions(read, issuer), "its extensions are not those of a device's certificate"),
            (read.GetBasicConstraints() < 0, "it is an authority's"),
            (read.GetKeyUsage() is [true, false, false, false, false, false, false, false, ..], "its key usage is not digitalSignature alone"),
            (read.GetExtendedKeyUsage().Select(oid => oid.Id).SequenceEqual(profile.Purposes), "its purposes are not the profile's"),
            (HasAuthorityKey(read, issuer), "it names another key of the issuer"),
        ];
        return rules.Where(rule => !rule.IsSo).Select(rule => rule.What);
    }

    // Read as ASN.1: the text that the library makes of a value drops a backslash before a leading '#'.
    private static bool HasName(X509Certificate read, string name) =>
        Asn1Sequence.GetInstance(read.SubjectDN.GetDerEncoded()) is { Count: 1 } names
        && Asn1Set.GetInstance(names[0]) is { Count: 1 } attributes
        && Asn1Sequence.GetInstance(attributes[0]) is { Count: 2 } attribute
        && X509Name.CN.Equals(attribute[0])
        && attribute[1].ToAsn1Object() is IAsn1String value
        && value.GetString() == name;

    private static bool IsTimely(X509Certificate read, Issuer issuer, CertificateProfile profile)
    {
        var (start, end) = (new DateTimeOffset(read.NotBefore.ToUniversalTime()), new DateTimeOffset(read.NotAfter.ToUniversalTime()));
        return start < end && start >= issuer.Certificate.NotBefore && end <= issuer.Certificate.NotAfter
            && end - start <= profile.Validity + profile.Backdating;
    }

    private static bool HasExtensions(X509Certificate read, Issuer issuer)
    {
        var expected = new List<string>
        {
            X509Extensions.BasicConstraints.Id, X509Extensions.KeyUsage.Id, X509Extensions.ExtendedKeyUsage.Id, X509Extensions.SubjectKeyIdentifier.Id,
        };
        if (issuer.Certificate.SubjectKeyIdentifier is not null)
        {
            expected.Add(X509Extensions.AuthorityKeyIdentifier.Id);
        }

        if (issuer.RevocationUrl is not null)
        {
            expected.AddRange([X509Extensions.CrlDistributionPoints.Id, X509Extensions.AuthorityInfoAccess.Id]);
        }

        var found = read.GetCriticalExtensionOids().Concat(read.GetNonCriticalExtensionOids()).ToHashSet(StringComparer.Ordinal);
        return found.SetEquals(expected) && read.GetCriticalExtensionOids().ToHashSet(StringComparer.Ordinal).SetEquals(Critical);
    }

    private static bool HasAuthorityKey(X509Certificate read, Issuer issuer)
    {
        if (issuer.Certificate.SubjectKeyIdentifier is not { } expected)
        {
            return true;
        }

        var value = read.GetExtensionValue(X509Extensions.AuthorityKeyIdentifier);
        return value is not null && AuthorityKeyIdentifier.GetInstance(value.GetOctets()).KeyIdentifier.GetOctets().AsSpan().SequenceEqual(expected.Span);
    }
}
