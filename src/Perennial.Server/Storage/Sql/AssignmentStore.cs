using Perennial.Hub.Devices;
using Perennial.Hub.Twins;
using Perennial.Provisioning;

namespace Perennial.Server.Storage.Sql;

/// <summary>Writes of device identities inside a registration's transaction, in SQL.</summary>
internal sealed class AssignmentStore(TimeProvider time) : IAssignmentStore
{
    public IPendingWrite Assign(AssignedPlace to, DeviceIdentity device, Twin twin, AssignedPlace? from, bool keepsTwin, string actor) =>
        new SqlWrite(session =>
        {
            if (from is null)
            {
                Place(session, to, device, twin, actor);
            }
            else
            {
                Move(session, from, to, device, keepsTwin ? TwinRows.Find(session, from.Hub, from.Id) ?? twin : twin, actor);
            }
        });

    public IPendingWrite Receive(AssignedPlace to, DeviceIdentity device, Twin twin, string actor) => new SqlWrite(session =>
    {
        var stored = DeviceRows.Find(session, to.Hub, to.Id);
        DeviceRows.Upsert(session, to.Hub, device);
        TwinRows.Upsert(session, to.Hub, twin);
        DeviceRows.Record(session, time.GetUtcNow(), actor, to.Hub, stored, device);
    });

    public IPendingWrite Remove(AssignedPlace place, string actor) => new SqlWrite(session => Leave(session, place, actor));

    private void Place(SqlSession session, AssignedPlace to, DeviceIdentity device, Twin twin, string actor)
    {
        var stored = DeviceRows.Find(session, to.Hub, to.Id);
        var next = stored is null ? device : stored with { ETag = device.ETag, Credential = device.Credential, IsEdge = device.IsEdge };
        DeviceRows.Upsert(session, to.Hub, next);
        if (stored is null)
        {
            TwinRows.Upsert(session, to.Hub, twin);
        }

        DeviceRows.Record(session, time.GetUtcNow(), actor, to.Hub, stored, next);
    }

    // What an operator decided of the device, disabling it above all, holds wherever it goes.
    private void Move(SqlSession session, AssignedPlace from, AssignedPlace to, DeviceIdentity device, Twin twin, string actor)
    {
        var left = Leave(session, from, actor);
        var stored = DeviceRows.Find(session, to.Hub, to.Id);
        var next = left is null
            ? device
            : device with { IsEnabled = left.IsEnabled, StatusReason = left.StatusReason, StatusUpdated = left.StatusUpdated };
        DeviceRows.Upsert(session, to.Hub, next);
        TwinRows.Upsert(session, to.Hub, twin with { Id = to.Id });
        DeviceRows.Record(session, time.GetUtcNow(), actor, to.Hub, stored, next);
    }

    private DeviceIdentity? Leave(SqlSession session, AssignedPlace place, string actor)
    {
        var left = DeviceRows.Find(session, place.Hub, place.Id);
        if (left is not null)
        {
            DeviceRows.Delete(session, place.Hub, place.Id, time.GetUtcNow());
            DeviceRows.Record(session, time.GetUtcNow(), actor, place.Hub, left, after: null);
        }

        return left;
    }
}
