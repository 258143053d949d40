using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;

namespace Perennial.Hub.Queries;

/// <summary>Devices and modules as rows of queries.</summary>
public sealed class QueryTwins(ITwinScan twins, IDeviceStore devices, IDeviceboundStore messages, SessionRegistry sessions) : IQueryRows
{
    public async Task<IReadOnlyList<IQueryRow>> ReadAsync(Query query, string? after, int max, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var range = TwinPlan.Of(query, () => sessions.All.Select(session => session.Id));
        var found = await twins.ListAsync(range, after, max, cancellationToken);
        var waiting = query.ToString().Contains(TwinRow.WaitingName, StringComparison.Ordinal)
            ? await messages.CountAsync([.. found.Select(stored => stored.Device.Id)], cancellationToken)
            : new Dictionary<DeviceId, int>();
        return
        [
            .. found.Select(stored => new TwinRow(
                stored.Device, stored.Twin, sessions.StateOf(stored.Device.Id), waiting.GetValueOrDefault(stored.Device.Id))),
        ];
    }

    public async Task<long?> CountAsync(Query query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Source != QuerySource.Devices || (query.Where is not null && TwinPlan.OnlyStatus(query) is null))
        {
            return null;
        }

        var counts = await devices.CountAsync(cancellationToken);
        return TwinPlan.OnlyStatus(query) switch
        {
            null => counts.Total,
            "enabled" => counts.Enabled,
            "disabled" => counts.Disabled,
            _ => 0,
        };
    }
}
