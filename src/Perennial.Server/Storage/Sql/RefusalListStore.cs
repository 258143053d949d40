using System.Text.Json;
using Perennial.Rolling.Sightings;
using Perennial.Server.Fleet;

namespace Perennial.Server.Storage.Sql;

/// <summary>The refusals among the sightings that are kept, latest first.</summary>
internal sealed class RefusalListStore(SqlDatabase database)
{
    /// <param name="reason">The number of the reason; null for every one.</param>
    /// <param name="before">Only those before a moment; null begins with the latest.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public Task<RefusalPage> ListAsync(int? reason, DateTimeOffset? before, int size, CancellationToken cancellationToken) =>
        database.ReadAsync(session => List(session, reason, before, size), cancellationToken);

    /// <summary>The refusal of a device at a moment; null when it is not kept any more.</summary>
    public Task<SightingRecord?> FindAsync(string device, DateTimeOffset at, CancellationToken cancellationToken) => database.ReadAsync(
        session => Read(
            session,
            "SELECT document FROM sighting WHERE device = $device AND at = $at AND refusal > 0",
            ("$device", Keys.Of(device)),
            ("$at", at.UtcTicks)).FirstOrDefault(),
        cancellationToken);

    private static RefusalPage List(SqlSession session, int? reason, DateTimeOffset? before, int size)
    {
        (string Name, object? Value)[] place = [("$before", before?.UtcTicks ?? long.MaxValue), ("$limit", size + 1L)];
        var found = reason is { } number
            ? Read(
                session,
                "SELECT document FROM sighting WHERE refusal = $reason AND refusal > 0 AND at < $before ORDER BY at DESC LIMIT $limit",
                [("$reason", (long)number), .. place])
            : Read(session, "SELECT document FROM sighting WHERE refusal > 0 AND at < $before ORDER BY at DESC LIMIT $limit", place);
        return new RefusalPage([.. found.Take(size)], found.Count > size);
    }

    private static List<SightingRecord> Read(SqlSession session, string sql, params (string Name, object? Value)[] parameters)
    {
        using var row = session.Prepared(sql, parameters).ExecuteReader();
        var found = new List<SightingRecord>();
        while (row.Read())
        {
            found.Add(JsonSerializer.Deserialize(row.GetString(0), StorageJson.Default.SightingDocument)!.ToDomain());
        }

        return found;
    }
}
