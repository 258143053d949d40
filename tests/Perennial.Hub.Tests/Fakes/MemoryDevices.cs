using Perennial.Hub.Devices;

namespace Perennial.Hub.Tests.Fakes;

/// <summary>Device identities in memory; what is written is seen by the next read.</summary>
internal sealed class MemoryDevices : IDeviceStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, DeviceIdentity> _devices = new(StringComparer.Ordinal);

    /// <summary>Called before each read, for a change that comes between two steps.</summary>
    public Action? Reading { get; set; }

    public List<string> Audit { get; } = [];

    public Task<DeviceIdentity?> FindAsync(DeviceId id, CancellationToken cancellationToken)
    {
        DeviceIdentity? found;
        lock (_gate)
        {
            found = _devices.GetValueOrDefault(id.Value);
        }

        Reading?.Invoke();
        return Task.FromResult(found);
    }

    public Task<bool> TryCreateAsync(DeviceIdentity device, string actor, CancellationToken cancellationToken) =>
        WriteAsync(actor, () => (!device.Id.IsModule || _devices.ContainsKey(device.Id.Device)) && _devices.TryAdd(device.Id.Value, device));

    public Task<bool> TryReplaceAsync(DeviceIdentity device, string expectedETag, string actor, CancellationToken cancellationToken) =>
        WriteAsync(actor, () =>
        {
            var isThere = Is(device.Id, expectedETag);
            if (isThere)
            {
                _devices[device.Id.Value] = device;
            }

            return isThere;
        });

    public Task<bool> TryDeleteAsync(DeviceId id, string expectedETag, string actor, CancellationToken cancellationToken) =>
        WriteAsync(actor, () =>
        {
            var isThere = Is(id, expectedETag);
            foreach (var gone in isThere ? _devices.Values.Where(device => device.Id == id || (!id.IsModule && device.Id.Owner == id)).ToList() : [])
            {
                _devices.Remove(gone.Id.Value);
            }

            return isThere;
        });

    public Task<IReadOnlyList<DeviceIdentity>> ListAsync(DeviceId? after, int max, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<DeviceIdentity>>(
                [.. _devices.Values.Where(device => !device.Id.IsModule).Where(device => after is null || string.CompareOrdinal(device.Id.Value, after.Value) > 0).Take(max)]);
        }
    }

    public Task<IReadOnlyList<DeviceIdentity>> ListModulesAsync(DeviceId device, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<DeviceIdentity>>([.. _devices.Values.Where(module => module.Id.IsModule && module.Id.Owner == device)]);
        }
    }

    public Task<DeviceCounts> CountAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var devices = _devices.Values.Where(device => !device.Id.IsModule).ToList();
            return Task.FromResult(new DeviceCounts(devices.Count(d => d.IsEnabled), devices.Count(d => !d.IsEnabled)));
        }
    }

    private bool Is(DeviceId id, string etag) => _devices.TryGetValue(id.Value, out var stored) && stored.ETag == etag;

    private Task<bool> WriteAsync(string actor, Func<bool> write)
    {
        lock (_gate)
        {
            var done = write();
            if (done)
            {
                Audit.Add(actor);
            }

            return Task.FromResult(done);
        }
    }
}
