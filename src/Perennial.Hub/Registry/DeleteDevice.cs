using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;

namespace Perennial.Hub.Registry;

/// <summary>Deletes an identity with its twin and session, a device with its modules, and drops the live connections.</summary>
public sealed class DeleteDevice(IDeviceStore devices, SessionRegistry sessions)
{
    /// <summary>What would become of the wish, without deleting anything.</summary>
    public async Task<DeviceWrite> PlanAsync(DeviceId id, string? etag, CancellationToken cancellationToken) =>
        await devices.FindAsync(id, cancellationToken) is not { } stored ? new DeviceWrite.NotFound()
        : etag is not null && !string.Equals(etag, stored.ETag, StringComparison.Ordinal) ? new DeviceWrite.PreconditionFailed()
        : new DeviceWrite.Deleted();

    /// <param name="id">The device.</param>
    /// <param name="etag">The ETag that the stored identity must have; null takes any.</param>
    /// <param name="actor">Who asked for it, for the audit row.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    public async Task<DeviceWrite> RunAsync(DeviceId id, string? etag, string actor, CancellationToken cancellationToken)
    {
        while (await devices.FindAsync(id, cancellationToken) is { } stored)
        {
            if (etag is not null && !string.Equals(etag, stored.ETag, StringComparison.Ordinal))
            {
                return new DeviceWrite.PreconditionFailed();
            }

            if (await devices.TryDeleteAsync(id, stored.ETag, actor, cancellationToken))
            {
                sessions.Drop(id);
                return new DeviceWrite.Deleted();
            }
        }

        return new DeviceWrite.NotFound();
    }
}
