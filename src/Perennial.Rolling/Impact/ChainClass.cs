using System.Security.Cryptography;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>
/// Puts accepted chains into classes. The attestation function says the same of every chain of a class, but for the end of the leaf, and for
/// its names below an authority that constrains names: everything else that it looks at is in the class. Pure.
/// </summary>
public static class ChainClass
{
    /// <param name="chain">A chain that was accepted.</param>
    /// <param name="anchor">What took it.</param>
    /// <param name="record">Under what the leaf was issued here, in any words that tell one such record from another; null when it was not.</param>
    /// <returns>The name of the class; null for a self-issued leaf, which is judged alone.</returns>
    public static Thumbprint? Of(CertificateChain chain, Thumbprint anchor, string? record)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var leaf = chain.Leaf;
        if (leaf.IsSelfIssued)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(leaf.Issuer.Key.ToArray());
        Add(leaf.AuthorityKeyIdentifier is { } identifier ? [1, .. identifier.Span] : [0]);
        Add([(byte)leaf.Version]);
        Add(anchor.ToArray());
        Add(record is null ? [0] : [1, .. Encoding.UTF8.GetBytes(record)]);
        Add(SignerOf(chain)?.KeyThumbprint.ToArray() ?? []);
        foreach (var issuer in chain.Issuers)
        {
            Add(issuer.Thumbprint.ToArray());
        }

        return Thumbprint.FromBytes(hash.GetHashAndReset());

        void Add(ReadOnlySpan<byte> part)
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(part);
        }
    }

    // Where identifiers leave one issuer only, its key made the signature: the chain was accepted. Else it is looked who made it.
    private static Certificate? SignerOf(CertificateChain chain)
    {
        var leaf = chain.Leaf;
        var namesakes = chain.Issuers.Where(issuer => issuer.Subject.Key == leaf.Issuer.Key).ToList();
        return namesakes is [var one] && leaf.AuthorityKeyIdentifier is { } wanted && one.SubjectKeyIdentifier is { } held
            && wanted.Span.SequenceEqual(held.Span)
            ? one
            : namesakes.FirstOrDefault(leaf.IsSignedBy);
    }
}
