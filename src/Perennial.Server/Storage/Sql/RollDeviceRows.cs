using System.Data.Common;
using System.Globalization;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of the devices of rolls. What was seen of a device stands beside it, written by <see cref="RollStandingRows"/>.</summary>
internal static class RollDeviceRows
{
    private const string IsEnded = "(r.leaf_end IS NOT NULL AND r.leaf_end < $now)";

    /// <summary>Devices that one step is done for at once.</summary>
    public const int Batch = 50;

    // The rows of one device by rolls that run or are paused.
    private static readonly string Offering =
        $"device = $device AND wave IS NOT NULL AND roll IN (SELECT id FROM roll WHERE state IN ({RollState.Running:D}, {RollState.Paused:D}))";

    private const string HoldsOpen = $"(r.waiver IS NULL AND r.moved = 0 AND NOT {IsEnded})";

    private const string Columns =
        $"r.device, r.wave, CASE WHEN r.sent > 0 THEN r.offered END, r.failure, r.waiver, r.moved, CASE WHEN {IsEnded} THEN 1 ELSE 0 END, r.seen, r.accepted, r.leaf_end";

    public static void Add(SqlSession session, Roll roll, RollMember member) => session.Prepared(
        "INSERT INTO roll_device (roll, device, place, old) VALUES ($roll, $device, $place, $old) ON CONFLICT (roll, device) DO NOTHING",
        ("$roll", Keys.Of(roll.Id)),
        ("$device", Keys.Of(member.Device)),
        ("$place", roll.Plan.Canary.Contains(member.Device, StringComparer.OrdinalIgnoreCase) ? 0L : 1L),
        ("$old", member.Old.ToArray())).ExecuteNonQuery();

    public static void DeleteAll(SqlSession session, Roll roll) =>
        session.Prepared("DELETE FROM roll_device WHERE roll = $roll", ("$roll", Keys.Of(roll.Id))).ExecuteNonQuery();

    /// <summary>Takes up the devices that are registered through the group of the roll, of those in a range of names.</summary>
    public static void Gather(SqlSession session, Roll roll, string after, string until)
    {
        session.Prepared(
            """
            INSERT INTO roll_device (roll, device, place, old, new, back) SELECT $roll, g.key, 1, $old, $new, $back FROM registration g
            WHERE g.enrollment_kind = $kind AND g.enrollment_key = $group AND g.key > $after AND g.key <= $until ON CONFLICT (roll, device) DO NOTHING
            """,
            ("$roll", Keys.Of(roll.Id)),
            ("$old", roll.Retiring!.Value.ToArray()),
            ("$new", roll.Keeping?.ToArray()),
            ("$back", roll.IsBack ? 1L : 0L),
            ("$kind", (long)EnrollmentKind.Group),
            ("$group", Keys.Of(roll.Group!.Id)),
            ("$after", after),
            ("$until", until)).ExecuteNonQuery();
    }

    /// <summary>Puts the canary of the plan before the others.</summary>
    public static void PlaceCanary(SqlSession session, Roll roll)
    {
        foreach (var name in roll.Plan.Canary)
        {
            session.Prepared(
                "UPDATE roll_device SET place = 0 WHERE roll = $roll AND device = $device", ("$roll", Keys.Of(roll.Id)), ("$device", Keys.Of(name))).ExecuteNonQuery();
        }
    }

    /// <summary>Looks at so many registrations through the group of the roll, by name, whether they are devices of the roll.</summary>
    /// <returns>How many were looked at, the last of them, and how many are none of the roll.</returns>
    public static (long Seen, string? Last, long Newcomers) LookForNewcomers(SqlSession session, Roll roll, string after, int max)
    {
        using var row = session.Prepared(
            """
            SELECT count(*), max(g.key), count(CASE WHEN r.device IS NULL THEN 1 END)
            FROM (SELECT key FROM registration WHERE enrollment_kind = $kind AND enrollment_key = $group AND key > $after ORDER BY key LIMIT $max) g
            LEFT JOIN roll_device r ON r.roll = $roll AND r.device = g.key
            """,
            ("$kind", (long)EnrollmentKind.Group),
            ("$group", Keys.Of(roll.Group!.Id)),
            ("$after", after),
            ("$max", (long)max),
            ("$roll", Keys.Of(roll.Id))).ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2));
    }

    public static RollProgress ReadProgress(SqlSession session, Roll roll, DateTimeOffset now)
    {
        using var row = session.Prepared(
            $"""
            SELECT count(*), count(CASE WHEN r.moved = 1 THEN 1 END), count(r.waiver), count(CASE WHEN {HoldsOpen} THEN 1 END),
                count(CASE WHEN r.wave IS NOT NULL AND r.sent > 0 THEN 1 END), max(CASE WHEN {HoldsOpen} THEN r.leaf_end END),
                count(CASE WHEN r.wave IS NULL AND {HoldsOpen} THEN 1 END), count(CASE WHEN r.wave IS NOT NULL AND r.moved = 1 THEN 1 END)
            FROM roll_device r WHERE r.roll = $roll
            """,
            ("$now", now.UtcTicks),
            ("$roll", Keys.Of(roll.Id))).ExecuteReader();
        row.Read();
        return new RollProgress(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), Time(row, 5))
        {
            Pending = row.GetInt64(6),
            Followed = row.GetInt64(7),
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
            $"SELECT r.wave, count(*), sum(CASE WHEN {HoldsOpen} THEN 0 ELSE 1 END) FROM roll_device r WHERE r.roll = $roll AND r.wave IS NOT NULL GROUP BY r.wave ORDER BY r.wave",
            ("$now", now.UtcTicks),
            ("$roll", Keys.Of(roll.Id))).ExecuteReader();
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
        "UPDATE roll_device SET wave = $wave, offered = $now, opens = $now, sent = 0 WHERE roll = $roll AND device = $device",
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

    /// <summary>The roll that runs, offered the device the new certificate first and waits for it.</summary>
    public static OfferedDevice? FindOffered(SqlSession session, string device, DateTimeOffset now)
    {
        var offers = new List<(string Roll, DateTimeOffset At, DateTimeOffset Opens)>();
        using (var rows = session.Prepared(
            $"SELECT r.roll, r.offered, r.opens FROM roll_device r WHERE {Offering} AND r.sent = 1 AND r.back = 0 AND {HoldsOpen} ORDER BY r.offered",
            ("$device", Keys.Of(device)),
            ("$now", now.UtcTicks)).ExecuteReader())
        {
            while (rows.Read())
            {
                offers.Add((rows.GetString(0), Time(rows, 1)!.Value, Time(rows, 2) ?? Time(rows, 1)!.Value));
            }
        }

        return offers
            .Select(offer => RollRows.Find(session, offer.Roll) is { State: RollState.Running, IsBack: false } roll ? new OfferedDevice(roll, offer.At, offer.Opens) : null)
            .FirstOrDefault(offered => offered is not null);
    }

    public static int NoteReport(SqlSession session, string device, string? failure) => session.Prepared(
        $"UPDATE roll_device SET failure = $failure WHERE {Offering}", ("$failure", failure), ("$device", Keys.Of(device))).ExecuteNonQuery();

    /// <summary>Devices for which a step is still to be done, by a condition on their row alone or on what was seen.</summary>
    public static IReadOnlyList<RollDevice> Where(SqlSession session, Roll roll, string condition, int max, DateTimeOffset now) =>
        Read(session, roll, now, condition + " ORDER BY r.device LIMIT $max", ("$max", (long)max));

    public static string ToRetire => "r.moved = 1 AND r.retired = 0";

    /// <summary>Devices that failed and have moved since.</summary>
    public static string Mended => "r.moved = 1 AND r.failure IS NOT NULL";

    /// <param name="roll">A roll that was aborted, or one that goes back. Once it is back, nobody is to follow its wish any more.</param>
    public static string ToWithdraw(Roll roll) => roll.State switch
    {
        RollState.Aborted => "(r.sent = 3 OR (r.sent = 1 AND r.moved = 0))",
        RollState.Completed => "r.sent IN (1, 3)",
        _ => "r.sent = 3",
    };

    public static string Unsent => "r.wave IS NOT NULL AND r.sent = 0";

    private static List<RollDevice> Read(
        SqlSession session, Roll roll, DateTimeOffset now, string condition, params (string Name, object? Value)[] more)
    {
        using var rows = session.Prepared(
            $"SELECT {Columns} FROM roll_device r WHERE r.roll = $roll AND {condition}",
            [("$roll", Keys.Of(roll.Id)), ("$now", now.UtcTicks), .. more]).ExecuteReader();
        var devices = new List<RollDevice>();
        while (rows.Read())
        {
            devices.Add(Read(rows));
        }

        return devices;
    }

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
