using Perennial.Hub.Devices;

namespace Perennial.Hub.Twins;

/// <summary>Storage of the twins of one hub. A twin is made and deleted with its device.</summary>
public interface ITwinStore
{
    Task<Twin?> FindAsync(DeviceId id, CancellationToken cancellationToken);

    /// <summary>Twins by device id, those after <paramref name="after"/>, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<Twin>> ListAsync(DeviceId? after, int max, CancellationToken cancellationToken);

    /// <summary>Reads the twin, applies the change and writes what it makes, in one transaction, so that no other change is lost.</summary>
    /// <returns>What the change made; null when there is no such twin.</returns>
    Task<TwinChange?> ChangeAsync(DeviceId id, Func<Twin, TwinChange> change, CancellationToken cancellationToken);
}
