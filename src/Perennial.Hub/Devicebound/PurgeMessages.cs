using Perennial.Hub.Devices;

namespace Perennial.Hub.Devicebound;

/// <summary>A back end empties a device's queue.</summary>
public sealed class PurgeMessages(IDeviceboundStore queues, IDeviceStore devices, TimeProvider time)
{
    /// <returns>How many messages there were; null when there is no such device.</returns>
    public async Task<int?> RunAsync(DeviceId device, CancellationToken cancellationToken)
    {
        if (await devices.FindAsync(device, cancellationToken) is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        return (await queues.ChangeAsync(device, queue => queue.Purge(now), cancellationToken))?.Purged;
    }
}
