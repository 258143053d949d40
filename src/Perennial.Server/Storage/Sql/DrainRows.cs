using Perennial.Provisioning.Blocks;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of the devices of drains.</summary>
internal static class DrainRows
{
    private const string Of = "kind = $kind AND name = $name";

    private static readonly long Minute = TimeSpan.TicksPerMinute;

    /// <summary>Whether it is the turn of a device, as far as can be said without taking it; null when it may be.</summary>
    public static DrainTurn? Look(SqlSession session, Block drain, string device, Thumbprint? leaf, DateTimeOffset at)
    {
        var terms = drain.Drain!;
        if (OrderedOf(session, drain) is not { } ordered)
        {
            return new DrainTurn.Later(IDrainStore.UntilOrdered);
        }

        var (isNoted, held, place, isAdmitted) = Find(session, drain, device);
        if (!terms.TakesUnseen && (!isNoted || (leaf is { } shown && held != shown)))
        {
            return new DrainTurn.Unseen();
        }

        if (isAdmitted)
        {
            return new DrainTurn.Granted();
        }

        var opens = ordered + ((place ?? Last(session, drain)) * Minute / terms.RatePerMinute);
        var lately = Lately(session, drain, at);
        var free = lately.Count < terms.RatePerMinute ? opens : Math.Max(opens, lately.Oldest + Minute);
        return free > at.UtcTicks ? new DrainTurn.Later(TimeSpan.FromTicks(free - at.UtcTicks)) : null;
    }

    public static void Admit(SqlSession session, Block drain, string device, DateTimeOffset at) => session.Prepared(
        """
        INSERT INTO drain_device (kind, name, device, risk, admitted) VALUES ($kind, $name, $device, 0, $at)
        ON CONFLICT (kind, name, device) DO UPDATE SET admitted = excluded.admitted
        """,
        [.. Parameters(drain), ("$device", Keys.Of(device)), ("$at", at.UtcTicks)]).ExecuteNonQuery();

    /// <summary>Takes up a device with the leaf that it was last accepted with.</summary>
    public static void Note(SqlSession session, Block drain, string device) => session.Prepared(
        """
        INSERT INTO drain_device (kind, name, device, leaf, risk)
        SELECT $kind, $name, c.device, c.leaf, CASE WHEN $turns = 0 THEN -coalesce(c.at, 0) ELSE -coalesce(c.not_after, 0) END
        FROM device_chain c WHERE c.device = $device
        ON CONFLICT (kind, name, device) DO UPDATE SET risk = excluded.risk
        """,
        [.. Parameters(drain), ("$turns", (long)drain.Drain!.Order), ("$device", Keys.Of(device))]).ExecuteNonQuery();

    public static void Order(SqlSession session, Block drain, DateTimeOffset at)
    {
        for (var i = 0; i < drain.Drain!.First.Count; i++)
        {
            session.Prepared(
                $"UPDATE drain_device SET risk = $risk WHERE {Of} AND device = $device",
                [.. Parameters(drain), ("$risk", long.MinValue + i), ("$device", Keys.Of(drain.Drain.First[i]))]).ExecuteNonQuery();
        }

        session.Prepared(
            $"""
            UPDATE drain_device SET place = o.place
            FROM (SELECT device, row_number() OVER (ORDER BY risk, device) - 1 AS place FROM drain_device WHERE {Of} AND admitted IS NULL) o
            WHERE kind = $kind AND name = $name AND drain_device.device = o.device
            """,
            [.. Parameters(drain)]).ExecuteNonQuery();
        session.Prepared($"UPDATE block SET ordered = $at WHERE {Of} AND rate IS NOT NULL AND at = $since", [.. Parameters(drain), ("$at", at.UtcTicks), ("$since", drain.At.UtcTicks)])
            .ExecuteNonQuery();
    }

    public static DrainProgress? Read(SqlSession session, BlockKind kind, string name)
    {
        (string, object?)[] of = [("$kind", (long)kind), ("$name", Keys.Of(name))];
        long? ordered;
        using (var row = session.Prepared($"SELECT ordered FROM block WHERE {Of} AND rate IS NOT NULL", of).ExecuteReader())
        {
            if (!row.Read())
            {
                return null;
            }

            ordered = row.IsDBNull(0) ? null : row.GetInt64(0);
        }

        using var counts = session.Prepared($"SELECT count(*), count(admitted) FROM drain_device WHERE {Of}", of).ExecuteReader();
        counts.Read();
        return new DrainProgress(counts.GetInt64(0), counts.GetInt64(1), ordered is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null);
    }

    public static void Delete(SqlSession session, BlockKind kind, string name) =>
        session.Prepared($"DELETE FROM drain_device WHERE {Of}", ("$kind", (long)kind), ("$name", Keys.Of(name))).ExecuteNonQuery();

    private static long? OrderedOf(SqlSession session, Block drain) =>
        session.Prepared($"SELECT ordered FROM block WHERE {Of}", [.. Parameters(drain)]).ExecuteScalar() as long?;

    private static (bool IsNoted, Thumbprint? Leaf, long? Place, bool IsAdmitted) Find(SqlSession session, Block drain, string device)
    {
        using var row = session.Prepared(
            $"SELECT leaf, place, admitted FROM drain_device WHERE {Of} AND device = $device", [.. Parameters(drain), ("$device", Keys.Of(device))]).ExecuteReader();
        return row.Read()
            ? (true, row.IsDBNull(0) ? null : Thumbprint.FromBytes(row.GetFieldValue<byte[]>(0)), row.IsDBNull(1) ? null : row.GetInt64(1), !row.IsDBNull(2))
            : default;
    }

    // Who is in no order comes after all that are.
    private static long Last(SqlSession session, Block drain) =>
        session.Prepared($"SELECT coalesce(max(place), -1) + 1 FROM drain_device WHERE {Of}", [.. Parameters(drain)]).ExecuteScalar() as long? ?? 0;

    private static (long Count, long Oldest) Lately(SqlSession session, Block drain, DateTimeOffset at)
    {
        using var row = session.Prepared(
            $"SELECT count(*), coalesce(min(admitted), 0) FROM drain_device WHERE {Of} AND admitted > $since",
            [.. Parameters(drain), ("$since", at.UtcTicks - Minute)]).ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static (string Name, object? Value)[] Parameters(Block drain) => [("$kind", (long)drain.Kind), ("$name", Keys.Of(drain.Name))];
}
