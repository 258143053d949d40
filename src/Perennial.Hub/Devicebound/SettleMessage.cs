using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;

namespace Perennial.Hub.Devicebound;

/// <summary>A device settles a message that it received.</summary>
public sealed class SettleMessage(IDeviceboundStore queues, SessionRegistry sessions, DeviceboundLimits limits, TimeProvider time)
{
    /// <returns>False when the lock is lost.</returns>
    public async Task<bool> ByLockAsync(DeviceId device, Guid lockToken, Settlement settlement, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var change = await queues.ChangeAsync(device, queue => queue.Settle(lockToken, settlement, now, limits), cancellationToken);
        if (settlement == Settlement.Abandon)
        {
            sessions.Find(device)?.Connection.MessagesWaiting();
        }

        return change is { IsDone: true };
    }

    /// <summary>Completes a message that the device's connection holds.</summary>
    /// <returns>False when it is gone, or held under a lock meanwhile.</returns>
    public async Task<bool> ByNumberAsync(DeviceId device, long number, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await queues.ChangeAsync(device, queue => queue.Complete(number, now, limits), cancellationToken) is { IsDone: true };
    }
}
