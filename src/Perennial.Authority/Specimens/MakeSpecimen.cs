using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Issuance;
using Perennial.X509;

namespace Perennial.Authority.Specimens;

/// <summary>
/// Makes a chain to be judged, not to be used: the certificates of authorities with their names, dates and extensions, and below them a leaf, signed by
/// keys that are thrown away. Nothing is signed with the authorities' keys, and nothing that anyone trusts is made.
/// </summary>
public static class MakeSpecimen
{
    /// <param name="authorities">The authority that issues first, each followed by the one above it; at least one.</param>
    /// <param name="commonName">Of the leaf.</param>
    /// <param name="purposes">What the leaf is for, as object identifiers.</param>
    /// <param name="notBefore">The beginning of the leaf.</param>
    /// <param name="notAfter">Its end; it ends with the authority that issues it at the latest.</param>
    public static SpecimenChain Run(
        IReadOnlyList<Certificate> authorities, string commonName, IReadOnlyList<string> purposes, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        ArgumentNullException.ThrowIfNull(purposes);
        var keys = authorities.Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256)).ToList();
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            var made = authorities.Select((authority, i) => StandIn(authority, keys[i], keys[Math.Min(i + 1, keys.Count - 1)])).ToList();
            return new SpecimenChain(Leaf(authorities[0], keys[0], leafKey, commonName, purposes, notBefore, notAfter), made);
        }
        finally
        {
            keys.ForEach(key => key.Dispose());
        }
    }

    private static Certificate StandIn(Certificate authority, ECDsa key, ECDsa signer)
    {
        using var original = X509CertificateLoader.LoadCertificate(authority.Der.Span);
        var request = new CertificateRequest(new X500DistinguishedName(authority.Subject.Der.Span), key, HashAlgorithmName.SHA256);
        foreach (var extension in original.Extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        return Sign(request, authority.Issuer, signer, authority.NotBefore, authority.NotAfter);
    }

    private static Certificate Leaf(
        Certificate issuer, ECDsa issuerKey, ECDsa key, string commonName, IReadOnlyList<string> purposes, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(purpose => new Oid(purpose))], critical: false));
        if (issuer.SubjectKeyIdentifier is { } above)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(above.Span));
        }

        return Sign(request, issuer.Subject, issuerKey, notBefore, notAfter < issuer.NotAfter ? notAfter : issuer.NotAfter);
    }

    private static Certificate Sign(CertificateRequest request, DistinguishedName issuer, ECDsa key, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var end = notAfter > notBefore ? notAfter : notBefore.AddSeconds(1);
        using var signed = request.Create(new X500DistinguishedName(issuer.Der.Span), X509SignatureGenerator.CreateForECDsa(key), notBefore, end, SerialNumber.Make());
        return Certificate.TryParse(signed.RawData, out var certificate, out var refusal)
            ? certificate
            : throw new InvalidOperationException($"A specimen is refused: {refusal.Detail}");
    }
}
