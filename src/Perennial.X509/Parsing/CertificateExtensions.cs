namespace Perennial.X509.Parsing;

/// <summary>The extensions of a certificate that decide anything; an absent one is null.</summary>
internal sealed class CertificateExtensions
{
    internal static readonly CertificateExtensions None = new();

    internal BasicConstraints? BasicConstraints { get; set; }

    /// <summary>The first octet of the key usage bits.</summary>
    internal KeyUses? KeyUsage { get; set; }

    internal IReadOnlyList<string>? ExtendedKeyUsage { get; set; }

    internal IReadOnlyList<GeneralName>? AlternativeNames { get; set; }

    internal bool AlternativeNamesAreCritical { get; set; }

    internal NameConstraints? NameConstraints { get; set; }

    internal ReadOnlyMemory<byte>? SubjectKeyIdentifier { get; set; }

    internal ReadOnlyMemory<byte>? AuthorityKeyIdentifier { get; set; }

    internal bool HasPolicyConstraints { get; set; }

    /// <summary>The first critical extension that is not understood.</summary>
    internal string? UnknownCritical { get; set; }

    /// <summary>The first extension that stands twice.</summary>
    internal string? Duplicate { get; set; }
}
