using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>What a leaf must fulfil by itself.</summary>
internal static class LeafRules
{
    /// <summary>The rules for every leaf, pinned or in a chain.</summary>
    internal static Refusal? Check(Certificate leaf, ChainPolicyOptions options, DateTimeOffset at) =>
        CheckRole(leaf)
        ?? (options.RequireCommonName && !leaf.TryGetCommonName(out _, out var refusal) ? refusal : null)
        ?? KeyRules.Check(leaf)
        ?? SignatureScheme.TryRead(leaf, out _)
        ?? UsageRules.CheckCriticalExtensions(leaf)
        ?? CheckKeyUsage(leaf)
        ?? UsageRules.CheckPurpose(leaf, options.RequiredPurpose)
        ?? UsageRules.CheckValidity(leaf, at, options.ClockSkew, isLeaf: true);

    /// <summary>What more is asked of a leaf that is trusted through a chain.</summary>
    internal static Refusal? CheckInChain(Certificate leaf)
    {
        if (leaf.Version < 3)
        {
            return new(CertificateRefusals.OldVersion, $"{leaf.Describe()} is X.509 version {leaf.Version}; wanted 3.");
        }

        return leaf.Subject.IsEmpty && !leaf.Extensions.AlternativeNamesAreCritical
            ? new(CertificateRefusals.Malformed, $"{leaf.Describe()} has no subject, and no critical alternative name in its stead.")
            : null;
    }

    private static Refusal? CheckRole(Certificate leaf)
    {
        if (leaf.IsCertificateAuthority)
        {
            return new(CertificateRefusals.AuthorityAsLeaf, $"{leaf.Describe()} has basic constraints CA:TRUE; wanted CA:FALSE or none.");
        }

        return leaf.Extensions.NameConstraints is null
            ? null
            : new(CertificateRefusals.AuthorityAsLeaf, $"{leaf.Describe()} has name constraints, which only an authority may have.");
    }

    private static Refusal? CheckKeyUsage(Certificate leaf)
    {
        if (leaf.Extensions.KeyUsage is not { } uses)
        {
            return null;
        }

        if (uses.HasFlag(KeyUses.CertificateSigning))
        {
            return new(CertificateRefusals.WrongKeyUsage, $"{leaf.Describe()} has the key usage keyCertSign, but is no authority.");
        }

        return uses.HasFlag(KeyUses.DigitalSignature)
            ? null
            : new(CertificateRefusals.WrongKeyUsage, $"{leaf.Describe()} has a key usage without digitalSignature.");
    }
}
