using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;

namespace Perennial.Hub.Registry;

/// <summary>Replaces a device identity and drops the live connection that it no longer takes.</summary>
public sealed class SaveDevice(IDeviceStore devices, ReconsiderConnections reconsider, TimeProvider time)
{
    /// <summary>What the write would leave, without making it.</summary>
    public async Task<DeviceWrite> PlanAsync(RequestedDevice requested, string? etag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requested);
        return await devices.FindAsync(requested.Id, cancellationToken) is not { } stored ? new DeviceWrite.NotFound()
            : etag is not null && !string.Equals(etag, stored.ETag, StringComparison.Ordinal) ? new DeviceWrite.PreconditionFailed()
            : new DeviceWrite.Saved(requested.Replace(stored, time.GetUtcNow()));
    }

    /// <param name="requested">What to write.</param>
    /// <param name="etag">The ETag that the stored identity must have; null takes any.</param>
    /// <param name="actor">Who asked for it, for the audit row.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    public async Task<DeviceWrite> RunAsync(RequestedDevice requested, string? etag, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requested);
        while (await devices.FindAsync(requested.Id, cancellationToken) is { } stored)
        {
            if (etag is not null && !string.Equals(etag, stored.ETag, StringComparison.Ordinal))
            {
                return new DeviceWrite.PreconditionFailed();
            }

            var next = requested.Replace(stored, time.GetUtcNow());
            if (await devices.TryReplaceAsync(next, stored.ETag, actor, cancellationToken))
            {
                await reconsider.DeviceAsync(next.Id, CancellationToken.None);
                return new DeviceWrite.Saved(next);
            }
        }

        return new DeviceWrite.NotFound();
    }
}
