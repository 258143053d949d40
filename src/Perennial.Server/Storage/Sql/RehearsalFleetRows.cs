using System.Text.Json;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Reads the devices of a roll as a rehearsal is played on them.</summary>
internal sealed class RehearsalFleetRows(SqlDatabase database)
{
    private const int Batch = 5_000;

    public async Task<IReadOnlyList<SeenMember>> ListAsync(Roll roll, CancellationToken cancellationToken)
    {
        var members = new List<SeenMember>();
        List<SeenMember> part;
        do
        {
            var after = members.Count > 0 ? members[^1].Device : "";
            part = await database.ReadAsync(session => Read(session, roll, after), cancellationToken);
            members.AddRange(part);
        }
        while (part.Count == Batch);
        return members;
    }

    /// <summary>How often a device was seen to register, and on a hub.</summary>
    public Task<(int Registrations, int Connections)> CountPathsAsync(string device, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            using var rows = session.Prepared("SELECT document FROM sighting WHERE device = $device", ("$device", Keys.Of(device))).ExecuteReader();
            var (registrations, connections) = (0, 0);
            while (rows.Read())
            {
                var isHub = JsonSerializer.Deserialize(rows.GetString(0), StorageJson.Default.SightingDocument)!.Path == SightingPath.Hub;
                (registrations, connections) = isHub ? (registrations, connections + 1) : (registrations + 1, connections);
            }

            return (registrations, connections);
        },
        cancellationToken);

    private static List<SeenMember> Read(SqlSession session, Roll roll, string after)
    {
        var members = roll.Kind == RollKind.IssuingCa ? RehearsalIssuerRows.Read(session, roll, after, Batch) : ReadMembers(session, roll, after);
        return members.Count == 0 ? members : WithContacts(session, members);
    }

    private static List<SeenMember> ReadMembers(SqlSession session, Roll roll, string after)
    {
        var members = new List<SeenMember>();
        using (var rows = session.Prepared(
            """
            SELECT r.device, r.old, c.standing, c.class, c.shape, c.not_after, c.hub, s.seen, s.anchor, r.waiver
            FROM roll_device r LEFT JOIN sighted_device s ON s.device = r.device LEFT JOIN device_chain c ON c.device = r.device
            WHERE r.roll = $roll AND r.device > $after ORDER BY r.device LIMIT $max
            """,
            ("$roll", Keys.Of(roll.Id)),
            ("$after", after),
            ("$max", (long)Batch)).ExecuteReader())
        {
            while (rows.Read())
            {
                members.Add(Read(rows, roll));
            }
        }

        return members;
    }

    private static SeenMember Read(System.Data.Common.DbDataReader row, Roll roll)
    {
        var old = Thumbprint.FromBytes(row.GetFieldValue<byte[]>(1));
        var anchor = row.IsDBNull(8) ? (Thumbprint?)null : Thumbprint.FromBytes(row.GetFieldValue<byte[]>(8));
        return new SeenMember
        {
            Device = row.GetString(0),
            Old = old,
            Shape = row.IsDBNull(4) ? null : row.GetInt64(2) == 0 && !row.IsDBNull(3) ? $"class {row.GetInt64(3)}" : Convert.ToHexString(row.GetFieldValue<byte[]>(4)),
            LeafEnd = row.IsDBNull(5) ? null : new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero),
            IsFollowed = !row.IsDBNull(6) && DeviceChainRows.IsFollowing(row.GetString(6)),
            Seen = row.IsDBNull(7) ? null : new DateTimeOffset(row.GetInt64(7), TimeSpan.Zero),
            IsMoved = anchor is not null && (roll.New is { } made ? anchor == made : anchor != old),
            IsWaived = !row.IsDBNull(9),
        };
    }

    private static List<SeenMember> WithContacts(SqlSession session, List<SeenMember> members)
    {
        var contacts = members.ToDictionary(member => member.Device, _ => new List<DateTimeOffset>(), StringComparer.Ordinal);
        using var rows = session.Prepared(
            "SELECT device, at FROM sighting WHERE device >= $first AND device <= $last",
            ("$first", members[0].Device),
            ("$last", members[^1].Device)).ExecuteReader();
        while (rows.Read())
        {
            if (contacts.TryGetValue(rows.GetString(0), out var of))
            {
                of.Add(new DateTimeOffset(rows.GetInt64(1), TimeSpan.Zero));
            }
        }

        return [.. members.Select(member => member with { Contacts = [.. contacts[member.Device].Order()] })];
    }
}
