using Perennial.Hub.Twins;

namespace Perennial.Hub.Devices;

/// <summary>Makes a new device identity and its twin.</summary>
public sealed class CreateDevice(IDeviceStore devices, TimeProvider time)
{
    public async Task<DeviceWrite> RunAsync(RequestedDevice requested, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requested);
        var now = time.GetUtcNow();
        var device = requested.ToIdentity(now);
        return await devices.TryCreateAsync(device, Twin.Create(requested.Id, now), actor, cancellationToken)
            ? new DeviceWrite.Saved(device)
            : new DeviceWrite.AlreadyExists();
    }
}
