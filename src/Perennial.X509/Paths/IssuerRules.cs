using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>What a certificate must fulfil to stand above a partial path, RFC 5280 §6.1.3 and §6.1.4.</summary>
internal static class IssuerRules
{
    internal static Refusal? Check(Certificate issuer, PathStep below, ChainPolicyOptions options, DateTimeOffset at, SearchEffort effort) =>
        CheckRole(issuer)
        ?? UsageRules.CheckCriticalExtensions(issuer)
        ?? UsageRules.CheckPurpose(issuer, options.RequiredPurpose)
        ?? UsageRules.CheckValidity(issuer, at, options.ClockSkew, isLeaf: false)
        ?? CheckLength(issuer, below, options.MaxIntermediates)
        ?? NameRules.Check(issuer, below, effort);

    private static Refusal? CheckRole(Certificate issuer)
    {
        if (issuer.Version < 3)
        {
            return new(CertificateRefusals.OldVersion, $"{issuer.Describe()} is X.509 version {issuer.Version}; wanted 3.");
        }

        if (!issuer.IsCertificateAuthority)
        {
            var found = issuer.Extensions.BasicConstraints is null ? "no basic constraints" : "basic constraints CA:FALSE";
            return new(CertificateRefusals.NotAnAuthority, $"{issuer.Describe()} has {found}; wanted CA:TRUE.");
        }

        return issuer.Extensions.KeyUsage is { } uses && !uses.HasFlag(KeyUses.CertificateSigning)
            ? new(CertificateRefusals.WrongKeyUsage, $"{issuer.Describe()} has a key usage without keyCertSign.")
            : null;
    }

    private static Refusal? CheckLength(Certificate issuer, PathStep below, int most)
    {
        if (below.Intermediates > most)
        {
            return new(CertificateRefusals.PathTooLong, $"{below.Intermediates} intermediates stand below {issuer.Describe()}; at most {most} may.");
        }

        return issuer.Extensions.BasicConstraints?.PathLength is { } length && below.Intermediates > length
            ? new(
                CertificateRefusals.PathTooLong,
                $"{below.Intermediates} intermediates stand below {issuer.Describe()}, whose path length allows {length}.")
            : null;
    }
}
