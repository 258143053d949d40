using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Fleet;
using Perennial.Server.Fleet;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Looks at every device, some at a time, so that neither a reader nor the writer is held for long.</summary>
internal sealed class FleetStore(SqlDatabase database)
{
    /// <summary>Weeks of the expiry timeline.</summary>
    public const int Weeks = 52;

    private const int PartSize = 2000;

    private const string Device =
        """
        p.thumbprint, p.not_after, s.thumbprint, s.not_after, d.anchor, d.accepted, d.leaf_ends
        """;

    private const string Slots =
        """
        LEFT JOIN enrollment_certificate p ON p.kind = e.kind AND p.key = e.key AND p.slot = 0
        LEFT JOIN enrollment_certificate s ON s.kind = e.kind AND s.key = e.key AND s.slot = 1
        """;

    private const string Individuals =
        $"""
        SELECT e.key, e.enabled, e.attestation, e.state, CASE WHEN e.enabled IS NULL THEN e.document END, {Device}
        FROM enrollment e {Slots} LEFT JOIN sighted_device d ON d.device = e.key
        WHERE e.kind = 0 AND e.key > $after ORDER BY e.key LIMIT $limit
        """;

    private const string Members =
        $"""
        SELECT r.enrollment_key, r.key, e.enabled, {Device}
        FROM registration r JOIN enrollment e ON e.kind = 1 AND e.key = r.enrollment_key {Slots} LEFT JOIN sighted_device d ON d.device = r.key
        WHERE r.enrollment_kind = 1 AND (r.enrollment_key > $group OR (r.enrollment_key = $group AND r.key > $after))
        ORDER BY r.enrollment_key, r.key LIMIT $limit
        """;

    private const string EndsByWeek =
        """
        SELECT week, kind, count(*) FROM (
            SELECT (not_after - $from) / $week AS week, kind FROM enrollment_certificate WHERE not_after >= $from AND not_after < $until
            UNION ALL
            SELECT (not_after - $from) / $week AS week, 0 AS kind FROM issuance WHERE state = 1 AND not_after >= $from AND not_after < $until
        ) AS ends GROUP BY week, kind
        """;

    /// <summary>Counts devices of individual enrollments after this key, and notes for lists what has changed.</summary>
    public async Task<FleetPart> CountIndividualsAsync(string after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(session => ReadIndividuals(session, after, now), cancellationToken);
        var changed = rows.Where(row => row.IsChanged).ToList();
        if (changed.Count > 0)
        {
            await database.WriteAsync(session => Note(session, changed), cancellationToken);
        }

        return new FleetPart(Sums(rows.Select(row => row.State)), rows.Count == PartSize ? rows[^1].Key : null);
    }

    /// <summary>Counts devices that registered through a group, after this group and registration id with a line feed between.</summary>
    public async Task<FleetPart> CountMembersAsync(string after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var place = after.Split('\n');
        var rows = await database.ReadAsync(session => ReadMembers(session, place[0], place.ElementAtOrDefault(1) ?? "", now), cancellationToken);
        return new FleetPart(Sums(rows.Select(row => row.State)), rows.Count == PartSize ? rows[^1].Place : null);
    }

    /// <summary>Notes for lists what rows of groups of an older version are like, some at a time.</summary>
    /// <returns>False once there are none.</returns>
    public async Task<bool> NoteGroupsAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(ReadOldGroups, cancellationToken);
        return rows.Count > 0 && await database.WriteAsync(session => NoteGroups(session, rows), cancellationToken);
    }

    /// <summary>When certificates end, by week.</summary>
    public Task<IReadOnlyList<ExpiryWeek>> CountWeeksAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ExpiryWeek>>(session => ReadWeeks(session, now), cancellationToken);

    private static Dictionary<DeviceState, long> Sums(IEnumerable<DeviceState> states) =>
        states.GroupBy(state => state).ToDictionary(same => same.Key, same => (long)same.Count());

    private static List<IndividualRow> ReadIndividuals(SqlSession session, string after, DateTimeOffset now)
    {
        using var row = session.Prepared(Individuals, ("$after", after), ("$limit", (long)PartSize)).ExecuteReader();
        var rows = new List<IndividualRow>(PartSize);
        while (row.Read())
        {
            // A row of an older version has told nothing yet.
            var document = row.IsDBNull(4) ? null : JsonSerializer.Deserialize(row.GetString(4), StorageJson.Default.EnrollmentDocument);
            var isEnabled = document?.IsEnabled ?? row.GetInt64(1) == 1;
            var attestation = document?.Attestation ?? (EnrolledAttestation)row.GetInt64(2);
            var state = Standing(row, 5, isEnabled).At(now);
            rows.Add(new IndividualRow(row.GetString(0), isEnabled, attestation, state, document is not null || row.IsDBNull(3) || row.GetInt64(3) != (long)state));
        }

        return rows;
    }

    private static bool Note(SqlSession session, List<IndividualRow> rows)
    {
        foreach (var row in rows)
        {
            session.Prepared(
                """
                UPDATE enrollment SET state = $state, enabled = coalesce(enabled, $enabled), attestation = coalesce(attestation, $attestation)
                WHERE kind = 0 AND key = $key
                """,
                ("$state", (long)row.State),
                ("$enabled", row.IsEnabled ? 1L : 0L),
                ("$attestation", (long)row.Attestation),
                ("$key", row.Key)).ExecuteNonQuery();
        }

        return true;
    }

    private static List<(string Key, EnrollmentDocument Document)> ReadOldGroups(SqlSession session)
    {
        using var row = session.Prepared(
            "SELECT key, document FROM enrollment WHERE kind = 1 AND attestation IS NULL LIMIT $limit", ("$limit", (long)PartSize)).ExecuteReader();
        var rows = new List<(string Key, EnrollmentDocument Document)>();
        while (row.Read())
        {
            rows.Add((row.GetString(0), JsonSerializer.Deserialize(row.GetString(1), StorageJson.Default.EnrollmentDocument)!));
        }

        return rows;
    }

    private static bool NoteGroups(SqlSession session, List<(string Key, EnrollmentDocument Document)> rows)
    {
        foreach (var (key, document) in rows)
        {
            session.Prepared(
                "UPDATE enrollment SET enabled = $enabled, attestation = $attestation WHERE kind = 1 AND key = $key AND attestation IS NULL",
                ("$enabled", document.IsEnabled ? 1L : 0L),
                ("$attestation", (long)document.Attestation),
                ("$key", key)).ExecuteNonQuery();
        }

        return true;
    }

    private static List<(string Place, DeviceState State)> ReadMembers(SqlSession session, string group, string after, DateTimeOffset now)
    {
        using var row = session.Prepared(Members, ("$group", group), ("$after", after), ("$limit", (long)PartSize)).ExecuteReader();
        var rows = new List<(string Place, DeviceState State)>(PartSize);
        while (row.Read())
        {
            var isEnabled = row.IsDBNull(2) || row.GetInt64(2) == 1;
            rows.Add(($"{row.GetString(0)}\n{row.GetString(1)}", Standing(row, 3, isEnabled).At(now)));
        }

        return rows;
    }

    private static DeviceStanding Standing(DbDataReader row, int first, bool isEnabled)
    {
        var enrolled = new List<EnrolledCertificate>(2);
        foreach (var column in (ReadOnlySpan<int>)[first, first + 2])
        {
            if (!row.IsDBNull(column) && !row.IsDBNull(column + 1))
            {
                enrolled.Add(new EnrolledCertificate(Print(row, column), Moment(row, column + 1)!.Value));
            }
        }

        return new DeviceStanding
        {
            IsEnabled = isEnabled,
            Enrolled = enrolled,
            Anchor = row.IsDBNull(first + 4) ? null : Print(row, first + 4),
            Accepted = Moment(row, first + 5),
            LeafEnds = Moment(row, first + 6),
        };
    }

    private static List<ExpiryWeek> ReadWeeks(SqlSession session, DateTimeOffset now)
    {
        var week = TimeSpan.FromDays(7).Ticks;
        var weeks = new SortedDictionary<int, ExpiryWeek>();
        using (var row = session.Prepared(
            EndsByWeek, ("$from", now.UtcTicks), ("$week", week), ("$until", now.UtcTicks + (Weeks * week))).ExecuteReader())
        {
            while (row.Read())
            {
                Add((int)row.GetInt64(0), row.GetInt64(1) == (long)EnrollmentKind.Individual, Convert.ToInt64(row.GetValue(2), CultureInfo.InvariantCulture));
            }
        }

        foreach (var authority in Authorities(session, now))
        {
            var at = (int)((authority.NotAfter.UtcTicks - now.UtcTicks) / week);
            var before = weeks.GetValueOrDefault(at, new ExpiryWeek(at, 0, 0, 0));
            weeks[at] = authority.IsSelfIssued ? before with { Roots = before.Roots + 1 } : before with { Intermediates = before.Intermediates + 1 };
        }

        return [.. weeks.Values];

        void Add(int at, bool isLeaf, long count)
        {
            var before = weeks.GetValueOrDefault(at, new ExpiryWeek(at, 0, 0, 0));
            weeks[at] = isLeaf ? before with { Leaves = before.Leaves + count } : before with { Intermediates = before.Intermediates + count };
        }
    }

    // CA certificates are few: each is read.
    private static IEnumerable<Certificate> Authorities(SqlSession session, DateTimeOffset now)
    {
        using var row = session.Prepared(
            "SELECT der FROM ca_certificate WHERE not_after >= $from AND not_after < $until",
            ("$from", now.UtcTicks),
            ("$until", now.AddDays(7 * Weeks).UtcTicks)).ExecuteReader();
        while (row.Read())
        {
            if (Certificate.TryParse(row.GetFieldValue<byte[]>(0), out var certificate, out _))
            {
                yield return certificate;
            }
        }
    }

    private static DateTimeOffset? Moment(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);

    private static Thumbprint Print(DbDataReader row, int column) => Thumbprint.FromBytes(row.GetFieldValue<byte[]>(column));

    private sealed record IndividualRow(string Key, bool IsEnabled, EnrolledAttestation Attestation, DeviceState State, bool IsChanged);
}
