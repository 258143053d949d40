namespace Perennial.X509.Parsing;

internal static class Oids
{
    internal const string CommonName = "2.5.4.3";
    internal const string EmailAddress = "1.2.840.113549.1.9.1";

    internal const string SubjectKeyIdentifier = "2.5.29.14";
    internal const string KeyUsage = "2.5.29.15";
    internal const string SubjectAlternativeName = "2.5.29.17";
    internal const string BasicConstraints = "2.5.29.19";
    internal const string NameConstraints = "2.5.29.30";
    internal const string CertificatePolicies = "2.5.29.32";
    internal const string PolicyMappings = "2.5.29.33";
    internal const string AuthorityKeyIdentifier = "2.5.29.35";
    internal const string PolicyConstraints = "2.5.29.36";
    internal const string ExtendedKeyUsage = "2.5.29.37";
    internal const string AnyExtendedKeyUsage = "2.5.29.37.0";
    internal const string InhibitAnyPolicy = "2.5.29.54";
    internal const string AuthorityInformationAccess = "1.3.6.1.5.5.7.1.1";

    internal const string Rsa = "1.2.840.113549.1.1.1";
    internal const string RsaPss = "1.2.840.113549.1.1.10";
    internal const string Mgf1 = "1.2.840.113549.1.1.8";
    internal const string EllipticCurve = "1.2.840.10045.2.1";
    internal const string P256 = "1.2.840.10045.3.1.7";
    internal const string P384 = "1.3.132.0.34";
    internal const string P521 = "1.3.132.0.35";
    internal const string Sha1 = "1.3.14.3.2.26";
    internal const string Sha256 = "2.16.840.1.101.3.4.2.1";
    internal const string Sha384 = "2.16.840.1.101.3.4.2.2";
    internal const string Sha512 = "2.16.840.1.101.3.4.2.3";
}
