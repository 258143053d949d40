using Perennial.Hub.Devices;

namespace Perennial.Hub.Registry;

/// <summary>Makes a new device identity and its twin.</summary>
public sealed class CreateDevice(IDeviceStore devices, TimeProvider time)
{
    public async Task<DeviceWrite> RunAsync(RequestedDevice requested, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requested);
        var device = requested.ToIdentity(time.GetUtcNow());
        return await devices.TryCreateAsync(device, actor, cancellationToken)
            ? new DeviceWrite.Saved(device)
            : new DeviceWrite.AlreadyExists();
    }
}
