using Perennial.X509;

namespace Perennial.Server.Storage;

/// <summary>The intermediates of chains that an enrollment accepted. Written with the sightings.</summary>
internal interface IKnownIssuerStore
{
    /// <summary>Those of this name, the longest known first, at most so many.</summary>
    Task<IReadOnlyList<Certificate>> FindAsync(DistinguishedName name, int max, CancellationToken cancellationToken);
}
