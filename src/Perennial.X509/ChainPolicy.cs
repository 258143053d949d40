using Perennial.X509.Paths;

namespace Perennial.X509;

/// <summary>Decides whether certificates are fit to name a device: path search and validation after RFC 5280 §6.</summary>
/// <remarks>Thread-safe. Never downloads anything. Reads no clock: the time is an argument.</remarks>
/// <param name="options">What is asked beyond RFC 5280.</param>
/// <param name="signatures">Remembers signatures that were checked.</param>
public sealed class ChainPolicy(ChainPolicyOptions options, SignatureCache signatures)
{
    /// <summary>Checks a leaf that is pinned by its thumbprint: no chain and no X.509 v3 needed, self-signed is fine.</summary>
    /// <param name="leaf">The leaf a peer proved to hold.</param>
    /// <param name="at">The time to judge at.</param>
    /// <returns>Why the leaf is refused; null when it is fine.</returns>
    public Refusal? CheckLeaf(Certificate leaf, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        return LeafRules.Check(leaf, options, at);
    }

    /// <summary>Finds every anchor that the leaf can be traced to by a valid path.</summary>
    /// <param name="chain">What the peer presented.</param>
    /// <param name="anchors">Trusted roots or intermediates; their validity, CA bit and constraints are checked too.</param>
    /// <param name="at">The time to judge at.</param>
    public PathSearch FindPaths(CertificateChain chain, IReadOnlyCollection<Certificate> anchors, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(anchors);
        return new PathFinder(options, signatures, chain, anchors, at).Find();
    }
}
