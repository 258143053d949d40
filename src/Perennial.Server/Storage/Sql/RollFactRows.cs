using Perennial.Rolling.Rolls;

namespace Perennial.Server.Storage.Sql;

/// <summary>Counts the facts of a roll. Each count has an index of its own, so that none looks at every device of the roll.</summary>
internal static class RollFactRows
{
    /// <summary>Devices outside the wave that are looked at for comparison.</summary>
    private const int Outside = 500;

    /// <summary>Up to so many devices are counted where only few or none matter.</summary>
    private const int Many = 10_000;

    private const string OfWave = "FROM roll_device WHERE roll = $roll AND wave = $wave";
    private const string Unmoved = "moved = 0 AND waiver IS NULL";
    private const string Lasting = "(leaf_end IS NULL OR leaf_end >= $now)";

    public static RollFacts Read(SqlSession session, Roll roll, Func<string, bool> isConnected, DateTimeOffset now)
    {
        var contact = (now - roll.Plan.ContactWithin).UtcTicks;
        var id = ("$roll", (object?)Keys.Of(roll.Id));
        return new RollFacts
        {
            IsStaged = true,
            Wave = ReadWave(session, roll, isConnected, now, contact),
            Outside = ReadOutside(session, roll, isConnected, contact),
            Pending = Count(session, $"FROM (SELECT 1 FROM roll_device WHERE roll = $roll AND wave IS NULL AND {Unmoved} AND {Lasting} LIMIT {Many}) n", id, ("$now", now.UtcTicks)),
            Open = Count(session, $"FROM (SELECT 1 FROM roll_device WHERE roll = $roll AND {Unmoved} AND {Lasting} LIMIT {Many}) n", id, ("$now", now.UtcTicks)),
            Devices = Count(session, "FROM (SELECT 1 FROM roll_device WHERE roll = $roll LIMIT 1) n", id),
            OfferedLately = CountSentLately(session, roll, now)
                + Count(session, "FROM roll_device WHERE roll = $roll AND wave IS NOT NULL AND sent = 0", id),
        };
    }

    /// <summary>Offers that were sent in the last minute.</summary>
    public static long CountSentLately(SqlSession session, Roll roll, DateTimeOffset now) => Count(
        session,
        "FROM roll_device WHERE roll = $roll AND offered > $since AND sent > 0",
        ("$roll", Keys.Of(roll.Id)),
        ("$since", now.AddMinutes(-1).UtcTicks));

    private static WaveFacts ReadWave(SqlSession session, Roll roll, Func<string, bool> isConnected, DateTimeOffset now, long contact)
    {
        var wave = new[] { ("$roll", (object?)Keys.Of(roll.Id)), ("$wave", (long)roll.Wave) };
        var offered = Count(session, OfWave, wave);
        var watched = offered - Count(session, $"{OfWave} AND waiver IS NOT NULL", wave);
        return new WaveFacts
        {
            Offered = offered,
            Done = Count(session, $"{OfWave} AND moved = 1", wave)
                + Count(session, $"{OfWave} AND waiver IS NOT NULL AND moved = 0", wave)
                + Count(session, $"{OfWave} AND {Unmoved} AND leaf_end < $now", [.. wave, ("$now", now.UtcTicks)]),
            Watched = watched,
            Failed = Count(session, $"{OfWave} AND {Unmoved} AND failure IS NOT NULL", wave),
            Refused = Count(session, $"{OfWave} AND waiver IS NULL AND refused = 1 AND seen > offered", wave),
            Lost = CountLost(session, roll.Plan.LostContact, watched, isConnected, [.. wave, ("$contact", contact)]),
            LastOffered = LastOf(session, now, wave),
        };
    }

    // While offers of the wave are not sent yet, the last one is now; and that of a device counts from the beginning of its window.
    private static DateTimeOffset? LastOf(SqlSession session, DateTimeOffset now, (string Name, object? Value)[] wave)
    {
        using var row = session.Prepared($"SELECT max(opens), count(CASE WHEN sent = 0 THEN 1 END) {OfWave}", wave).ExecuteReader();
        row.Read();
        return row.GetInt64(1) > 0 ? now : row.IsDBNull(0) ? null : new DateTimeOffset(row.GetInt64(0), TimeSpan.Zero);
    }

    // Who is connected is asked only when enough devices are silent for a halt.
    private static long CountLost(
        SqlSession session, HaltLimit limit, long watched, Func<string, bool> isConnected, (string Name, object? Value)[] parameters)
    {
        const string Silent = $"{OfWave} AND {Unmoved} AND opens <= $contact AND (seen IS NULL OR seen <= opens)";
        if (!limit.IsReached(Count(session, Silent, parameters), watched))
        {
            return 0;
        }

        using var rows = session.Prepared($"SELECT device {Silent}", parameters).ExecuteReader();
        var lost = 0L;
        while (rows.Read())
        {
            lost += isConnected(rows.GetString(0)) ? 0 : 1;
        }

        return lost;
    }

    // In the last wave nobody is left outside but the devices of earlier waves.
    private static OutsideFacts ReadOutside(SqlSession session, Roll roll, Func<string, bool> isConnected, long contact)
    {
        var pending = ReadOutside(session, roll, $"wave IS NULL AND {Unmoved} ORDER BY place, device", isConnected, contact);
        return pending.Devices > 0 ? pending : ReadOutside(
            session, roll, "wave < $wave AND waiver IS NULL ORDER BY wave DESC", isConnected, contact, ("$wave", (long)roll.Wave));
    }

    private static OutsideFacts ReadOutside(
        SqlSession session, Roll roll, string condition, Func<string, bool> isConnected, long contact, params (string Name, object? Value)[] more)
    {
        using var rows = session.Prepared(
            $"""
            SELECT device, CASE WHEN moved = 0 AND (seen IS NULL OR seen <= $contact) THEN 1 ELSE 0 END FROM roll_device
            WHERE roll = $roll AND {condition} LIMIT {Outside}
            """,
            [("$roll", Keys.Of(roll.Id)), ("$contact", contact), .. more]).ExecuteReader();
        var (devices, silent) = (0L, 0L);
        while (rows.Read())
        {
            devices++;
            silent += rows.GetInt64(1) != 0 && !isConnected(rows.GetString(0)) ? 1 : 0;
        }

        return new OutsideFacts(devices, silent);
    }

    private static long Count(SqlSession session, string from, params (string Name, object? Value)[] parameters) =>
        (long)session.Prepared($"SELECT count(*) {from}", parameters).ExecuteScalar()!;
}
