using Perennial.X509;

namespace Perennial.Authority.Specimens;

/// <summary>A chain as an authority would issue it, made without the authority's key: keys of its own stand for those of the authorities.</summary>
/// <param name="Leaf">The leaf.</param>
/// <param name="Authorities">Those above it in order, each like the one that it stands for in all but key and signature.</param>
public sealed record SpecimenChain(Certificate Leaf, IReadOnlyList<Certificate> Authorities)
{
    /// <summary>What stands for one of the authorities that it was made from; the certificate itself when it is none of them.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="originals">The authorities that it was made from, in the same order.</param>
    public Certificate StandInFor(Certificate certificate, IReadOnlyList<Certificate> originals)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(originals);
        for (var i = 0; i < originals.Count; i++)
        {
            if (originals[i].Thumbprint == certificate.Thumbprint)
            {
                return Authorities[i];
            }
        }

        return certificate;
    }
}
