using Perennial.Server.Storage;
using Perennial.X509;

namespace Perennial.Server.Hubs;

/// <summary>
/// Completes the chain of a device that brings its leaf alone to the hub: the intermediates of chains accepted before are put beside
/// it. They are material for the path search, never trusted by themselves.
/// </summary>
internal sealed class KnownIssuers(IKnownIssuerStore store)
{
    public async Task<CertificateChain> CompleteAsync(CertificateChain chain, CancellationToken cancellationToken)
    {
        if (chain.Issuers.Count > 0 || chain.Leaf.IsSelfIssued)
        {
            return chain;
        }

        var found = new List<Certificate>();
        for (var next = chain.Leaf; found.Count < CertificateChain.MaxIssuers && !next.IsSelfIssued; next = found[^1])
        {
            var issuers = await store.FindAsync(next.Issuer, CertificateChain.MaxIssuers - found.Count, cancellationToken);
            if (issuers.Count == 0)
            {
                break;
            }

            found.AddRange(issuers);
        }

        return found.Count > 0 && CertificateChain.TryCreate(chain.Leaf, found, out var completed, out _) ? completed : chain;
    }
}
