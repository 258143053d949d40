using Perennial.Hub.Devices;
using Perennial.Hub.Twins;

namespace Perennial.Server.Storage.Sql;

/// <summary>The twins of one hub in SQL.</summary>
internal sealed class TwinStore(SqlDatabase database, string hub) : ITwinStore
{
    public Task<Twin?> FindAsync(DeviceId id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => TwinRows.Find(session, hub, id), cancellationToken);

    public Task<IReadOnlyList<Twin>> ListAsync(DeviceId? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync(session => TwinRows.List(session, hub, after, max), cancellationToken);

    public Task<TwinChange?> ChangeAsync(DeviceId id, Func<Twin, TwinChange> change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (TwinRows.Find(session, hub, id) is not { } twin)
                {
                    return null;
                }

                var outcome = change(twin);
                if (outcome is TwinChange.Changed changed)
                {
                    TwinRows.Upsert(session, hub, changed.Next);
                }

                return (TwinChange?)outcome;
            },
            cancellationToken);
}
