using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>Rules that hold for every certificate on a path, leaf and issuers alike.</summary>
internal static class UsageRules
{
    internal static Refusal? CheckCriticalExtensions(Certificate certificate)
    {
        var extension = certificate.Extensions.UnknownCritical ?? (certificate.Extensions.HasPolicyConstraints ? Oids.PolicyConstraints : null);
        return extension is null
            ? null
            : new(CertificateRefusals.UnknownCriticalExtension, $"{certificate.Describe()} demands the extension {extension}, which is not understood.");
    }

    internal static Refusal? CheckPurpose(Certificate certificate, string? required)
    {
        if (required is null || certificate.Extensions.ExtendedKeyUsage is not { } purposes)
        {
            return null;
        }

        return purposes.Any(p => p == required || p == Oids.AnyExtendedKeyUsage)
            ? null
            : new(
                CertificateRefusals.WrongExtendedKeyUsage,
                $"{certificate.Describe()} has the extended key usage {string.Join(", ", purposes.Take(8))}; wanted {required} among them.");
    }

    internal static Refusal? CheckValidity(Certificate certificate, DateTimeOffset at, TimeSpan skew, bool isLeaf)
    {
        // The last second of validity lasts until the next second begins.
        var second = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
        if (second - certificate.NotAfter > skew)
        {
            return new(
                isLeaf ? CertificateRefusals.Expired : CertificateRefusals.IssuerExpired,
                $"{certificate.Describe()} was valid until {certificate.NotAfter:u}; it is {at.UtcDateTime:u}.");
        }

        if (certificate.NotBefore - second > skew)
        {
            return new(
                isLeaf ? CertificateRefusals.NotYetValid : CertificateRefusals.IssuerNotYetValid,
                $"{certificate.Describe()} is valid from {certificate.NotBefore:u}; it is {at.UtcDateTime:u}.");
        }

        return null;
    }
}
