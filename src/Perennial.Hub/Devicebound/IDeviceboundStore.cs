using Perennial.Hub.Devices;

namespace Perennial.Hub.Devicebound;

/// <summary>Storage of the queues of one hub's devices. A queue is purged when its device is deleted.</summary>
public interface IDeviceboundStore
{
    /// <summary>Reads the queue, applies the change and writes what it makes, feedback included, in one transaction.</summary>
    /// <returns>What the change made; null when it adds a message and there is no such device.</returns>
    Task<QueueChange?> ChangeAsync(DeviceId device, Func<QueuedMessages, QueueChange> change, CancellationToken cancellationToken);

    /// <summary>The content of the messages of these numbers, as far as they are there.</summary>
    Task<IReadOnlyDictionary<long, DeviceboundMessage>> LoadAsync(IReadOnlyList<long> numbers, CancellationToken cancellationToken);

    /// <summary>Whether there is a message besides these that is under no lock now.</summary>
    Task<bool> HoldsMoreAsync(DeviceId device, IReadOnlySet<long> held, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>How many messages wait for each of these devices; those without any may be missing.</summary>
    Task<IReadOnlyDictionary<DeviceId, int>> CountAsync(IReadOnlyCollection<DeviceId> devices, CancellationToken cancellationToken);

    /// <summary>Devices with a message whose lock or life is over, those due first, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<DeviceId>> FindDueAsync(DateTimeOffset now, int max, CancellationToken cancellationToken);
}
