using System.Data.Common;
using System.Text.Json;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The keys that devices were last accepted by, in SQL: the last match of a device whose last accepted handshake showed no chain.</summary>
internal sealed class PresentedKeys(SqlDatabase database) : IPresentedKeys
{
    // A module that its device's token let in is seen under an id with a slash, which no registration has; it fares as its device does.
    private const string ByToken =
        "s.accepted IS NOT NULL AND s.leaf_ends IS NULL AND s.anchor IS NOT NULL AND c.leaf IS NULL AND s.device NOT LIKE '%/%'";

    private const string IsAlone =
        "EXISTS (SELECT 1 FROM enrollment e WHERE e.kind = 0 AND e.key = s.device) OR EXISTS (SELECT 1 FROM block b WHERE b.kind = 2 AND b.name = s.device)";

    private const string From = "FROM sighted_device s LEFT JOIN device_chain c ON c.device = s.device";

    private const string Select =
        $"""
        SELECT s.device, s.anchor, coalesce(c.hub, ''), CASE WHEN {IsAlone} THEN 1 ELSE 0 END,
            (SELECT p.document FROM slot_sighting p WHERE p.device = s.device ORDER BY p.at DESC, p.slot LIMIT 1),
            (SELECT r.enrollment_key FROM registration r WHERE r.key = s.device AND r.enrollment_kind = 1)
        {From}
        """;

    private const string IsBetween = $"{ByToken} AND s.anchor > $low AND s.anchor < $high";

    private static readonly byte[] BeforeAll = [];

    private static readonly byte[] BehindAll = [.. Enumerable.Repeat(byte.MaxValue, Thumbprint.Length + 1)];

    public Task<PresentedKey?> FindAsync(RegistrationId device, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, Keys.Of(device.Value)), cancellationToken);

    public Task<IReadOnlyList<KeyLot>> CountAsync(Thumbprint key, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<KeyLot>>(
        session =>
        {
            var lots = new List<(long Devices, string First)>();
            using (var rows = session.Prepared(
                $"""
                SELECT count(*), min(s.device) {From} LEFT JOIN registration r ON r.key = s.device AND r.enrollment_kind = 1
                WHERE s.anchor = $key AND {ByToken} AND NOT ({IsAlone}) GROUP BY coalesce(c.hub, ''), r.enrollment_key ORDER BY 2
                """,
                ("$key", key.ToArray())).ExecuteReader())
            {
                while (rows.Read())
                {
                    lots.Add((rows.GetInt64(0), rows.GetString(1)));
                }
            }

            return [.. lots.Select(lot => new KeyLot(lot.Devices, Find(session, lot.First)!))];
        },
        cancellationToken);

    public Task<IReadOnlyList<Thumbprint>> ListKeysAsync(EnrollmentKey group, IReadOnlyList<Thumbprint> except, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Thumbprint>>(
            session => [.. Between(except).SelectMany(range => ListKeys(session, Keys.Of(group.Id), range.Low, range.High))], cancellationToken);

    // The many devices of groups are passed over by the keys of these.
    public Task<IReadOnlyList<Thumbprint>> ListGoneAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Thumbprint>>(
        session =>
        {
            var ofGroups = EnrollmentKeyRows.GroupKeys(session, isEnabled: true).Concat(EnrollmentKeyRows.GroupKeys(session, isEnabled: false))
                .Select(group => EnrollmentKeyRows.Read(session, EnrollmentKind.Group, group))
                .SelectMany(slots => new[] { slots.Primary.Fingerprint, slots.Secondary.Fingerprint });
            return [.. Between(ofGroups).SelectMany(range => ListGone(session, range.Low, range.High))];
        },
        cancellationToken);

    public Task<IReadOnlyList<PresentedKey>> ListAsync(Thumbprint key, bool alone, string? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<PresentedKey>>(
            session => Read(session, session.Prepared(
                $"{Select} WHERE s.anchor = $key AND {ByToken} AND s.device > $after {(alone ? $"AND ({IsAlone})" : "")} ORDER BY s.device LIMIT $max",
                ("$key", key.ToArray()),
                ("$after", Keys.Of(after ?? "")),
                ("$max", (long)max))),
            cancellationToken);

    private static IEnumerable<(byte[] Low, byte[] High)> Between(IEnumerable<Thumbprint> keys)
    {
        var bounds = keys.Select(key => key.ToArray()).OrderBy(Convert.ToHexString, StringComparer.Ordinal).Prepend(BeforeAll).Append(BehindAll).ToList();
        return bounds.Zip(bounds.Skip(1));
    }

    private static List<Thumbprint> ListGone(SqlSession session, byte[] low, byte[] high) => ReadKeys(session.Prepared(
        $"""
        SELECT DISTINCT s.anchor {From} WHERE {IsBetween} AND NOT EXISTS (SELECT 1 FROM enrollment e WHERE e.kind = 0 AND e.key = s.device)
            AND (SELECT p.enrollment_kind FROM slot_sighting p WHERE p.device = s.device ORDER BY p.at DESC, p.slot LIMIT 1) = 0
        """,
        ("$low", low),
        ("$high", high)));

    private static List<Thumbprint> ReadKeys(DbCommand command)
    {
        using var rows = command.ExecuteReader();
        var found = new List<Thumbprint>();
        while (rows.Read())
        {
            found.Add(Thumbprint.FromBytes(rows.GetFieldValue<byte[]>(0)));
        }

        return found;
    }

    // From the devices of those keys to their groups, or from the group to its devices, whichever are fewer.
    private static List<Thumbprint> ListKeys(SqlSession session, string group, byte[] low, byte[] high)
    {
        var devices = (long)session.Prepared(
            "SELECT count(*) FROM sighted_device s WHERE s.accepted IS NOT NULL AND s.leaf_ends IS NULL AND s.anchor > $low AND s.anchor < $high",
            ("$low", low),
            ("$high", high)).ExecuteScalar()!;
        if (devices == 0)
        {
            return [];
        }

        var isOfMore = session.Prepared(
            "SELECT 1 FROM registration r WHERE r.enrollment_kind = 1 AND r.enrollment_key = $group ORDER BY r.key LIMIT 1 OFFSET $devices",
            ("$group", group),
            ("$devices", devices)).ExecuteScalar() is not null;
        return ReadKeys(session.Prepared(
            isOfMore
                ? $"""
                SELECT DISTINCT s.anchor {From} WHERE {IsBetween}
                    AND EXISTS (SELECT 1 FROM registration r WHERE r.key = s.device AND r.enrollment_kind = 1 AND r.enrollment_key = $group)
                """
                : $"""
                SELECT DISTINCT s.anchor FROM registration r CROSS JOIN sighted_device s LEFT JOIN device_chain c ON c.device = s.device
                WHERE s.device = r.key AND r.enrollment_kind = 1 AND r.enrollment_key = $group AND {IsBetween}
                """,
            ("$group", group),
            ("$low", low),
            ("$high", high)));
    }

    private static PresentedKey? Find(SqlSession session, string device) =>
        Read(session, session.Prepared($"{Select} WHERE s.device = $device AND {ByToken}", ("$device", device))) is [var one] ? one : null;

    private static List<PresentedKey> Read(SqlSession session, DbCommand command)
    {
        var rows = new List<(PresentedKey Key, string? Group)>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var hub = reader.GetString(2);
                var seen = JsonSerializer.Deserialize(reader.GetString(4), StorageJson.Default.SightingDocument)!.ToDomain();
                rows.Add((
                    new PresentedKey(
                        Keys.Registration(seen.Device), Thumbprint.FromBytes(reader.GetFieldValue<byte[]>(1)), seen.Match!.Enrollment, hub.Length == 0 ? null : hub)
                    {
                        IsAlone = reader.GetInt64(3) != 0,
                    },
                    reader.IsDBNull(5) ? null : reader.GetString(5)));
            }
        }

        var groups = new RegisteredGroupRows(session);
        return [.. rows.Select(row => row.Key with { Group = groups.Find(row.Group) })];
    }
}
