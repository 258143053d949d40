using Perennial.Hub.Devices;

namespace Perennial.Hub.Registry;

/// <summary>Makes a new identity of a device, or of a module of a device, and its twin.</summary>
public sealed class CreateDevice(IDeviceStore devices, TimeProvider time)
{
    /// <summary>What the write would leave, without making it.</summary>
    public async Task<DeviceWrite> PlanAsync(RequestedDevice requested, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requested);
        return requested.Id.IsModule && await ObstacleAsync(requested.Id, cancellationToken) is { } obstacle ? obstacle
            : await devices.FindAsync(requested.Id, cancellationToken) is not null ? new DeviceWrite.AlreadyExists()
            : new DeviceWrite.Saved(requested.ToIdentity(time.GetUtcNow()));
    }

    public async Task<DeviceWrite> RunAsync(RequestedDevice requested, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requested);
        if (requested.Id.IsModule && await ObstacleAsync(requested.Id, cancellationToken) is { } obstacle)
        {
            return obstacle;
        }

        var device = requested.ToIdentity(time.GetUtcNow());
        return await devices.TryCreateAsync(device, actor, cancellationToken) ? new DeviceWrite.Saved(device)
            : requested.Id.IsModule && await devices.FindAsync(requested.Id.Owner, cancellationToken) is null ? new DeviceWrite.NoDevice()
            : new DeviceWrite.AlreadyExists();
    }

    /// <returns>Why the device takes no such module; null when it does.</returns>
    private async Task<DeviceWrite?> ObstacleAsync(DeviceId id, CancellationToken cancellationToken)
    {
        if (await devices.FindAsync(id.Owner, cancellationToken) is null)
        {
            return new DeviceWrite.NoDevice();
        }

        var modules = await devices.ListModulesAsync(id.Owner, cancellationToken);
        return modules.Any(module => module.Id == id) ? new DeviceWrite.AlreadyExists()
            : modules.Count >= DeviceIdentity.MaxModules ? new DeviceWrite.TooManyModules()
            : null;
    }
}
