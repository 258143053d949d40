namespace Perennial.Hub.Devices;

/// <summary>Storage of the identities of one hub's devices and of their modules. A change to trust is written with its audit row in one transaction.</summary>
public interface IDeviceStore
{
    Task<DeviceIdentity?> FindAsync(DeviceId id, CancellationToken cancellationToken);

    /// <summary>Creates the identity, with an empty twin.</summary>
    /// <returns>False when there is one of this id already, or none of the module's device.</returns>
    Task<bool> TryCreateAsync(DeviceIdentity device, string actor, CancellationToken cancellationToken);

    /// <summary>Replaces the identity whose ETag is <paramref name="expectedETag"/>; the twin stays.</summary>
    /// <returns>False when there is none, or another write came first.</returns>
    Task<bool> TryReplaceAsync(DeviceIdentity device, string expectedETag, string actor, CancellationToken cancellationToken);

    /// <summary>Deletes the identity whose ETag is <paramref name="expectedETag"/>, with its twin and its session; a device with its modules.</summary>
    /// <returns>False when there is none, or another write came first.</returns>
    Task<bool> TryDeleteAsync(DeviceId id, string expectedETag, string actor, CancellationToken cancellationToken);

    /// <summary>Devices by id, those after <paramref name="after"/>, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<DeviceIdentity>> ListAsync(DeviceId? after, int max, CancellationToken cancellationToken);

    /// <summary>The modules of a device by id: all of them, there are few.</summary>
    Task<IReadOnlyList<DeviceIdentity>> ListModulesAsync(DeviceId device, CancellationToken cancellationToken);

    /// <summary>How many devices there are; modules do not count.</summary>
    Task<DeviceCounts> CountAsync(CancellationToken cancellationToken);
}
