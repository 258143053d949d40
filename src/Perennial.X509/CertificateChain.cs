using System.Diagnostics.CodeAnalysis;

namespace Perennial.X509;

/// <summary>What a peer presented: its leaf and up to five other certificates, in any order, duplicates dropped.</summary>
public sealed class CertificateChain
{
    /// <summary>Most certificates beside the leaf.</summary>
    public const int MaxIssuers = 5;

    private CertificateChain(Certificate leaf, IReadOnlyList<Certificate> issuers)
    {
        Leaf = leaf;
        Issuers = issuers;
    }

    /// <summary>The certificate whose key the peer proved to hold.</summary>
    public Certificate Leaf { get; }

    /// <summary>The other certificates, as presented; nothing about them is proven.</summary>
    public IReadOnlyList<Certificate> Issuers { get; }

    /// <summary>Parses what a peer presented.</summary>
    /// <param name="leaf">DER of the leaf.</param>
    /// <param name="others">DER of the other certificates.</param>
    /// <param name="chain">The chain, when the answer is true.</param>
    /// <param name="refusal">Why not, when the answer is false.</param>
    public static bool TryCreate(
        ReadOnlyMemory<byte> leaf,
        IReadOnlyList<ReadOnlyMemory<byte>> others,
        [NotNullWhen(true)] out CertificateChain? chain,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(others);
        chain = null;
        if (!Certificate.TryParse(leaf, out var first, out refusal))
        {
            return false;
        }

        var issuers = new List<Certificate>(Math.Min(others.Count, MaxIssuers));
        foreach (var der in others)
        {
            if (IsAmong(first, issuers, der.Span))
            {
                continue;
            }

            if (issuers.Count == MaxIssuers)
            {
                refusal = TooMany();
                return false;
            }

            if (!Certificate.TryParse(der, out var issuer, out refusal))
            {
                return false;
            }

            issuers.Add(issuer);
        }

        chain = new(first, issuers);
        return true;
    }

    /// <summary>Joins certificates that are parsed already.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="others">The other certificates.</param>
    /// <param name="chain">The chain, when the answer is true.</param>
    /// <param name="refusal">Why not, when the answer is false: more than five.</param>
    public static bool TryCreate(
        Certificate leaf,
        IReadOnlyList<Certificate> others,
        [NotNullWhen(true)] out CertificateChain? chain,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(others);
        var issuers = others.Where(c => c.Thumbprint != leaf.Thumbprint).DistinctBy(c => c.Thumbprint).Take(MaxIssuers + 1).ToList();
        chain = issuers.Count > MaxIssuers ? null : new(leaf, issuers);
        refusal = chain is null ? TooMany() : null;
        return chain is not null;
    }

    private static bool IsAmong(Certificate leaf, List<Certificate> issuers, ReadOnlySpan<byte> der)
    {
        if (leaf.Der.Span.SequenceEqual(der))
        {
            return true;
        }

        foreach (var issuer in issuers)
        {
            if (issuer.Der.Span.SequenceEqual(der))
            {
                return true;
            }
        }

        return false;
    }

    private static Refusal TooMany() =>
        new(CertificateRefusals.TooManyCertificates, $"More than {MaxIssuers} certificates were presented beside the leaf.");
}
