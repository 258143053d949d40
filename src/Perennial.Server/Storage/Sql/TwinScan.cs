using Perennial.Hub.Devices;
using Perennial.Hub.Queries;

namespace Perennial.Server.Storage.Sql;

/// <summary>Identities of one hub with their twins, a page in one statement.</summary>
internal sealed class TwinScan(SqlDatabase database, string hub) : ITwinScan
{
    private const string Select =
        $"""
        SELECT {TwinRows.ScannedColumns}, device.etag, device.enabled, device.document
        FROM device JOIN twin ON twin.hub = device.hub AND twin.id = device.id
        WHERE device.hub = $hub AND device.module = $module AND device.id > $after
        """;

    public Task<IReadOnlyList<StoredTwin>> ListAsync(TwinRange range, string? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredTwin>>(session => range.Ids is { } ids ? FindMany(session, ids, after, max) : List(session, range, after ?? string.Empty, max), cancellationToken);

    private List<StoredTwin> List(SqlSession session, TwinRange range, string after, int max)
    {
        var (from, to) = range.Owner is { } owner ? Modules(owner, after) : (after, string.Empty);
        var sql = $"""
            {Select}{(range.Owner is null ? string.Empty : " AND device.id < $to")}{(range.IsEnabled is null ? string.Empty : " AND device.enabled = $enabled")}
            ORDER BY device.id LIMIT $max
            """;
        List<(string, object?)> parameters = [("$hub", hub), ("$module", range.IsModules ? 1 : 0), ("$after", from), ("$max", max)];
        if (range.Owner is not null)
        {
            parameters.Add(("$to", to));
        }

        if (range.IsEnabled is { } enabled)
        {
            parameters.Add(("$enabled", enabled ? 1 : 0));
        }

        using var reader = session.Prepared(sql, [.. parameters]).ExecuteReader();
        var found = new List<StoredTwin>();
        while (reader.Read())
        {
            var twin = TwinRows.Read(reader);
            found.Add(new StoredTwin(DeviceRows.Read(twin.Id, reader, TwinRows.ColumnCount), twin));
        }

        return found;
    }

    private List<StoredTwin> FindMany(SqlSession session, IReadOnlyList<DeviceId> ids, string? after, int max)
    {
        var found = new List<StoredTwin>();
        foreach (var id in ids.SkipWhile(id => after is not null && string.CompareOrdinal(id.Value, after) <= 0))
        {
            if (found.Count == max)
            {
                break;
            }

            if (DeviceRows.Find(session, hub, id) is { } device && TwinRows.Find(session, hub, id) is { } twin)
            {
                found.Add(new StoredTwin(device, twin));
            }
        }

        return found;
    }

    // The modules of a device stand together, after "device/" and before "device0".
    private static (string From, string To) Modules(DeviceId owner, string after)
    {
        var first = $"{owner}/";
        return (string.CompareOrdinal(after, first) > 0 ? after : first, $"{owner}0");
    }
}
