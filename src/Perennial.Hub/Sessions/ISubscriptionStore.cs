using Perennial.Hub.Devices;

namespace Perennial.Hub.Sessions;

/// <summary>Storage of the subscriptions of one hub's devices, which outlive connections and restarts (hub-protocol §1.8).</summary>
public interface ISubscriptionStore
{
    /// <summary>What the device subscribed to; empty when nothing is stored.</summary>
    Task<IReadOnlyList<StoredSubscription>> LoadAsync(DeviceId id, CancellationToken cancellationToken);

    /// <summary>Adds subscriptions, or replaces those of the same filter; does nothing for an unknown device.</summary>
    Task SaveAsync(DeviceId id, IReadOnlyList<StoredSubscription> subscriptions, CancellationToken cancellationToken);

    Task RemoveAsync(DeviceId id, IReadOnlyList<string> filters, CancellationToken cancellationToken);

    Task ClearAsync(DeviceId id, CancellationToken cancellationToken);
}
