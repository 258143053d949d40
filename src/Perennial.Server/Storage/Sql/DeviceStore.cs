using Perennial.Hub.Devices;
using Perennial.Hub.Twins;

namespace Perennial.Server.Storage.Sql;

/// <summary>The device identities of one hub in SQL.</summary>
internal sealed class DeviceStore(SqlDatabase database, string hub, TimeProvider time) : IDeviceStore
{
    public Task<DeviceIdentity?> FindAsync(DeviceId id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DeviceRows.Find(session, hub, id), cancellationToken);

    public Task<bool> TryCreateAsync(DeviceIdentity device, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (DeviceRows.Find(session, hub, device.Id) is not null
                    || (device.Id.IsModule && DeviceRows.Find(session, hub, device.Id.Owner) is null))
                {
                    return false;
                }

                DeviceRows.Upsert(session, hub, device);
                TwinRows.Upsert(session, hub, Twin.Create(device.Id, device.Created));
                DeviceRows.Record(session, time.GetUtcNow(), actor, hub, before: null, device);
                return true;
            },
            cancellationToken);

    public Task<bool> TryReplaceAsync(DeviceIdentity device, string expectedETag, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (Stored(session, device.Id, expectedETag) is not { } stored)
                {
                    return false;
                }

                DeviceRows.Upsert(session, hub, device);
                DeviceRows.Record(session, time.GetUtcNow(), actor, hub, stored, device);
                return true;
            },
            cancellationToken);

    public Task<bool> TryDeleteAsync(DeviceId id, string expectedETag, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (Stored(session, id, expectedETag) is not { } stored)
                {
                    return false;
                }

                DeviceRows.Delete(session, hub, id, time.GetUtcNow());
                DeviceRows.Record(session, time.GetUtcNow(), actor, hub, stored, after: null);
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<DeviceIdentity>> ListAsync(DeviceId? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DeviceRows.List(session, hub, after, max), cancellationToken);

    public Task<IReadOnlyList<DeviceIdentity>> ListModulesAsync(DeviceId device, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DeviceRows.ListModules(session, hub, device), cancellationToken);

    public Task<DeviceCounts> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => DeviceCountRows.Read(session, hub), cancellationToken);

    private DeviceIdentity? Stored(SqlSession session, DeviceId id, string etag) =>
        DeviceRows.Find(session, hub, id) is { } stored && string.Equals(stored.ETag, etag, StringComparison.Ordinal) ? stored : null;
}
