using Perennial.X509;

namespace Perennial.Provisioning.Blocks;

/// <summary>Storage of blocks. Each write has an audit row.</summary>
public interface IBlockStore
{
    /// <summary>What could concern an identity of a hub that no enrollment decides about, when it comes with this chain, or with none.</summary>
    Task<IReadOnlyList<Block>> FindAsync(string device, CertificateChain? chain, CancellationToken cancellationToken);

    /// <summary>The block of this kind and name; null when there is none.</summary>
    Task<Block?> FindAsync(BlockKind kind, string name, CancellationToken cancellationToken);

    /// <summary>Blocks by kind and name.</summary>
    Task<Page<Block>> ListAsync(PageRequest page, CancellationToken cancellationToken);

    /// <summary>Writes a block, or other terms of one that stands already; the same terms change nothing.</summary>
    Task SaveAsync(Block block, CancellationToken cancellationToken);

    /// <returns>False when there is none.</returns>
    Task<bool> TryDeleteAsync(BlockKind kind, string name, string actor, CancellationToken cancellationToken);

    /// <summary>A certificate that a device presented, by thumbprint, an intermediate that was seen, one that is enrolled, or one of this service's authorities; null when none is known.</summary>
    Task<Certificate?> FindCertificateAsync(Thumbprint thumbprint, CancellationToken cancellationToken);
}
