using System.Data.Common;
using System.Globalization;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of the devices of rolls, joined with what was seen of the devices.</summary>
internal static class RollDeviceRows
{
    /// <summary>Devices outside the wave that are looked at for comparison.</summary>
    private const int Outside = 500;

    /// <summary>Devices that one step is done for at once.</summary>
    public const int Batch = 50;

    // The rows of one device by rolls that run or are paused.
    private static readonly string Offering =
        $"device = $device AND wave IS NOT NULL AND roll IN (SELECT id FROM roll WHERE state IN ({RollState.Running:D}, {RollState.Paused:D}))";

    private const string Joined = "roll_device r LEFT JOIN sighted_device s ON s.device = r.device LEFT JOIN device_chain c ON c.device = r.device";

    // Of leaves the new one is any but the old one. A null anchor is no proof of anything.
    private const string Moved = "(coalesce(s.anchor = $new, s.anchor <> r.old) AND s.anchor IS NOT NULL)";

    private const string EndedOfItself = "(c.not_after IS NOT NULL AND c.not_after < $now)";

    private const string HoldsOpen = $"(r.waiver IS NULL AND NOT coalesce({Moved}, false) AND NOT {EndedOfItself})";

    private const string Columns =
        $"r.device, r.wave, r.offered, r.failure, r.waiver, CASE WHEN {Moved} THEN 1 ELSE 0 END, CASE WHEN {EndedOfItself} THEN 1 ELSE 0 END, s.seen, s.accepted, c.not_after";

    public static void Add(SqlSession session, Roll roll, RollMember member) => session.Prepared(
        "INSERT INTO roll_device (roll, device, place, old) VALUES ($roll, $device, $place, $old) ON CONFLICT (roll, device) DO NOTHING",
        ("$roll", Keys.Of(roll.Id)),
        ("$device", Keys.Of(member.Device)),
        ("$place", roll.Plan.Canary.Contains(member.Device, StringComparer.OrdinalIgnoreCase) ? 0L : 1L),
        ("$old", member.Old.ToArray())).ExecuteNonQuery();

    public static void DeleteAll(SqlSession session, Roll roll) =>
        session.Prepared("DELETE FROM roll_device WHERE roll = $roll", ("$roll", Keys.Of(roll.Id))).ExecuteNonQuery();

    /// <summary>Takes up the devices that are registered through the group of the roll.</summary>
    public static void Gather(SqlSession session, Roll roll)
    {
        session.Prepared(
            """
            INSERT INTO roll_device (roll, device, place, old) SELECT $roll, g.key, 1, $old FROM registration g
            WHERE g.enrollment_kind = $kind AND g.enrollment_key = $group ON CONFLICT (roll, device) DO NOTHING
            """,
            ("$roll", Keys.Of(roll.Id)),
            ("$old", roll.Old!.Value.ToArray()),
            ("$kind", (long)EnrollmentKind.Group),
            ("$group", Keys.Of(roll.Group!.Id))).ExecuteNonQuery();
        foreach (var name in roll.Plan.Canary)
        {
            session.Prepared(
                "UPDATE roll_device SET place = 0 WHERE roll = $roll AND device = $device", ("$roll", Keys.Of(roll.Id)), ("$device", Keys.Of(name))).ExecuteNonQuery();
        }
    }

    /// <summary>Whether devices are registered through the group that are none of the roll.</summary>
    public static bool HasNewcomers(SqlSession session, Roll roll) => session.Prepared(
        """
        SELECT 1 FROM registration g WHERE g.enrollment_kind = $kind AND g.enrollment_key = $group
            AND NOT EXISTS (SELECT 1 FROM roll_device r WHERE r.roll = $roll AND r.device = g.key) LIMIT 1
        """,
        ("$kind", (long)EnrollmentKind.Group),
        ("$group", Keys.Of(roll.Group!.Id)),
        ("$roll", Keys.Of(roll.Id))).ExecuteScalar() is not null;

    public static RollFacts ReadFacts(SqlSession session, Roll roll, DateTimeOffset now) => new()
    {
        IsStaged = true,
        Wave = Read(session, roll, now, "r.wave = $wave ORDER BY r.device LIMIT $max", ("$wave", (long)roll.Wave), ("$max", (long)int.MaxValue)),
        Outside = Read(
            session, roll, now, "r.wave IS NULL AND r.waiver IS NULL ORDER BY r.place, r.device LIMIT $max", ("$max", (long)Outside)),
        Pending = Count(session, roll, now, $"r.wave IS NULL AND {HoldsOpen}"),
        Open = Count(session, roll, now, HoldsOpen),
        Devices = Count(session, roll, now, "1 = 1"),
        OfferedLately = Count(session, roll, now, "r.offered > $since", ("$since", now.AddMinutes(-1).UtcTicks)),
    };

    public static RollProgress ReadProgress(SqlSession session, Roll roll, DateTimeOffset now)
    {
        var last = session.Prepared(
            $"SELECT max(c.not_after) FROM {Joined} WHERE r.roll = $roll AND {HoldsOpen}", [.. Parameters(roll, now)]).ExecuteScalar() as long?;
        return new RollProgress(
            Count(session, roll, now, "1 = 1"),
            Count(session, roll, now, Moved),
            Count(session, roll, now, "r.waiver IS NOT NULL"),
            Count(session, roll, now, HoldsOpen),
            Count(session, roll, now, "r.wave IS NOT NULL"),
            last is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null)
        {
            Pending = Count(session, roll, now, $"r.wave IS NULL AND {HoldsOpen}"),
            Followed = Count(session, roll, now, $"r.wave IS NOT NULL AND {Moved}"),
        };
    }

    public static IReadOnlyList<RollDevice> List(SqlSession session, Roll roll, bool onlyOpen, string? after, int max, DateTimeOffset now) => Read(
        session,
        roll,
        now,
        (onlyOpen ? $"{HoldsOpen} AND " : "") + "r.device > $after ORDER BY r.device LIMIT $max",
        ("$after", after ?? ""),
        ("$max", (long)max));

    /// <summary>A device of the roll; null when it is none.</summary>
    public static RollDevice? Find(SqlSession session, Roll roll, string device, DateTimeOffset now) =>
        Read(session, roll, now, "r.device = $device", ("$device", Keys.Of(device))) is [var found] ? found : null;

    /// <summary>The waves that have begun.</summary>
    public static IReadOnlyList<RollWave> CountWaves(SqlSession session, Roll roll, DateTimeOffset now)
    {
        using var rows = session.Prepared(
            $"SELECT r.wave, count(*), sum(CASE WHEN {HoldsOpen} THEN 0 ELSE 1 END) FROM {Joined} WHERE r.roll = $roll AND r.wave IS NOT NULL GROUP BY r.wave ORDER BY r.wave",
            [.. Parameters(roll, now)]).ExecuteReader();
        var waves = new List<RollWave>();
        while (rows.Read())
        {
            var told = rows.GetInt64(1);
            waves.Add(new RollWave((int)rows.GetInt64(0), told, told, Convert.ToInt64(rows.GetValue(2), CultureInfo.InvariantCulture)));
        }

        return waves;
    }

    /// <summary>The next devices to be offered the new certificate.</summary>
    public static IReadOnlyList<RollDevice> Next(SqlSession session, Roll roll, int max, DateTimeOffset now) => Read(
        session, roll, now, $"r.wave IS NULL AND {HoldsOpen} ORDER BY r.place, r.device LIMIT $max", ("$max", (long)max));

    public static void Claim(SqlSession session, Roll roll, string device, DateTimeOffset now) => session.Prepared(
        "UPDATE roll_device SET wave = $wave, offered = $now WHERE roll = $roll AND device = $device",
        ("$wave", (long)roll.Wave),
        ("$now", now.UtcTicks),
        ("$roll", Keys.Of(roll.Id)),
        ("$device", Keys.Of(device))).ExecuteNonQuery();

    /// <summary>What failed on a device by each roll that is not over and offered it the new certificate.</summary>
    public static IReadOnlyList<string?> ListOffering(SqlSession session, string device)
    {
        using var rows = session.Prepared($"SELECT failure FROM roll_device WHERE {Offering}", ("$device", Keys.Of(device))).ExecuteReader();
        var failures = new List<string?>();
        while (rows.Read())
        {
            failures.Add(rows.IsDBNull(0) ? null : rows.GetString(0));
        }

        return failures;
    }

    public static int NoteReport(SqlSession session, string device, string? failure) => session.Prepared(
        $"UPDATE roll_device SET failure = $failure WHERE {Offering}", ("$failure", failure), ("$device", Keys.Of(device))).ExecuteNonQuery();

    /// <summary>Devices for which a step is still to be done, by a condition on their row alone or on what was seen.</summary>
    public static IReadOnlyList<RollDevice> Where(SqlSession session, Roll roll, string condition, int max, DateTimeOffset now) =>
        Read(session, roll, now, condition + " ORDER BY r.device LIMIT $max", ("$max", (long)max));

    public static string ToRetire => $"{Moved} AND r.retired = 0";

    /// <summary>Devices that failed and have moved since.</summary>
    public static string Mended => $"{Moved} AND r.failure IS NOT NULL";

    public static string ToWithdraw => $"r.sent = 1 AND NOT coalesce({Moved}, false)";

    private static List<RollDevice> Read(
        SqlSession session, Roll roll, DateTimeOffset now, string condition, params (string Name, object? Value)[] more)
    {
        using var rows = session.Prepared(
            $"SELECT {Columns} FROM {Joined} WHERE r.roll = $roll AND {condition}", [.. Parameters(roll, now), .. more]).ExecuteReader();
        var devices = new List<RollDevice>();
        while (rows.Read())
        {
            devices.Add(Read(rows));
        }

        return devices;
    }

    private static long Count(SqlSession session, Roll roll, DateTimeOffset now, string condition, params (string Name, object? Value)[] more) =>
        (long)session.Prepared($"SELECT count(*) FROM {Joined} WHERE r.roll = $roll AND {condition}", [.. Parameters(roll, now), .. more]).ExecuteScalar()!;

    private static IEnumerable<(string Name, object? Value)> Parameters(Roll roll, DateTimeOffset now) =>
        [("$roll", Keys.Of(roll.Id)), ("$new", roll.New?.ToArray()), ("$now", now.UtcTicks)];

    private static RollDevice Read(DbDataReader row)
    {
        var (seen, accepted) = (Time(row, 7), Time(row, 8));
        return new RollDevice
        {
            Device = row.GetString(0),
            Wave = row.IsDBNull(1) ? null : (int)row.GetInt64(1),
            Offered = Time(row, 2),
            Failure = row.IsDBNull(3) ? null : row.GetString(3),
            Waiver = row.IsDBNull(4) ? null : row.GetString(4),
            IsMoved = row.GetInt64(5) != 0,
            IsEnded = row.GetInt64(6) != 0,
            Seen = seen,
            IsRefused = seen is not null && (accepted is null || seen > accepted),
            LeafEnd = Time(row, 9),
        };
    }

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
