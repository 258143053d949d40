using Perennial.Rolling.Rolls;

namespace Perennial.Server.Storage.Sql;

/// <summary>
/// Keeps beside each device of a roll what was last seen of it, so that facts are counted without looking at every device's sightings.
/// It is written in the transaction of the sighting, by one statement, from the device's sightings alone.
/// </summary>
internal static class RollStandingRows
{
    // Of leaves the new one is any but the old one. A null anchor is no proof of anything. Of issuing authorities the leaf tells who issued it, also where
    // the device does not send the certificates above it; the leaves of the old one hold the overlap open until the last of them ends.
    private const string IsMoved =
        """
        CASE WHEN roll_device.issuer IS NOT NULL THEN
            CASE WHEN EXISTS (SELECT 1 FROM device_chain c JOIN presented_certificate p ON p.thumbprint = c.leaf
                JOIN issuance i ON i.device = c.device AND i.slot = roll_device.issuer AND i.certificate = p.der WHERE c.device = roll_device.device) THEN 1 ELSE 0 END
            ELSE coalesce((SELECT CASE WHEN coalesce(m.anchor = roll_device.new, m.anchor <> roll_device.old) THEN 1 ELSE 0 END
                FROM sighted_device m WHERE m.device = roll_device.device AND m.anchor IS NOT NULL), 0) END
        """;

    // A device that gives up its connection before it tries a new certificate, is refused and falls back to the old one is accepted again at once; so a
    // refusal counts for a minute (600,000,000 ticks) beyond that. That a drained device may do nothing but obtain a new certificate (3016), or not yet
    // (3017), is no trouble with the new one; nor is it, where the roll goes back, that the leaf the device had is retired (3105): it asks for another.
    private const string IsUntroubled = "(s.refusal IN (3016, 3017) OR (roll_device.back = 1 AND s.refusal = 3105))";

    // Of a device that a key takes no leaf is kept; the one that it had ends all the same.
    private const string Standing =
        $"""
        UPDATE roll_device SET live = 1,
            moved = {IsMoved},
            accepted = (SELECT s.accepted FROM sighted_device s WHERE s.device = roll_device.device),
            refused = coalesce((SELECT CASE WHEN (w.accepted IS NULL OR w.seen > w.accepted)
                        AND NOT EXISTS (SELECT 1 FROM sighting s WHERE s.device = w.device AND s.at = w.seen AND {IsUntroubled}) THEN 1
                    WHEN {IsMoved} = 1 THEN 0
                    WHEN EXISTS (SELECT 1 FROM sighting s WHERE s.device = w.device AND s.refusal IS NOT NULL AND NOT {IsUntroubled} AND s.at > roll_device.offered
                        AND s.at >= w.seen - 600000000) THEN 1 ELSE 0 END
                FROM sighted_device w WHERE w.device = roll_device.device), 0),
            seen = (SELECT s.seen FROM sighted_device s WHERE s.device = roll_device.device),
            leaf_end = CASE WHEN old_issuer IS NOT NULL
                THEN (SELECT max(i.not_after) FROM issuance i WHERE i.device = roll_device.device AND i.slot = roll_device.old_issuer AND i.state = 1)
                ELSE coalesce((SELECT c.not_after FROM device_chain c WHERE c.device = roll_device.device), leaf_end) END
        """;

    /// <summary>A device was seen.</summary>
    public static void NoteSighting(SqlSession session, string device) =>
        session.Prepared($"{Standing} WHERE device = $device AND live > 0", ("$device", device)).ExecuteNonQuery();

    public static bool HasUnread(SqlSession session, Roll roll) => session.Prepared(
        "SELECT 1 FROM roll_device WHERE roll = $roll AND live = 2 LIMIT 1", ("$roll", Keys.Of(roll.Id))).ExecuteScalar() is not null;

    /// <summary>Reads what was seen of devices that were taken up and not looked at yet.</summary>
    public static void Read(SqlSession session, Roll roll, int max)
    {
        var lot = new[] { ("$roll", (object?)Keys.Of(roll.Id)), ("$max", (long)max) };
        if (roll.Keeping is { } anchor)
        {
            session.Prepared(
                $"UPDATE roll_device SET new = $new WHERE roll = $roll AND new IS NULL AND device IN ({Lot("live = 2")})",
                [.. lot, ("$new", anchor.ToArray())]).ExecuteNonQuery();
        }

        session.Prepared($"{Standing} WHERE roll = $roll AND device IN ({Lot("live = 2")})", lot).ExecuteNonQuery();
    }

    /// <summary>Follows devices of the roll no longer.</summary>
    /// <returns>How many there were.</returns>
    public static int LetGo(SqlSession session, Roll roll, int max) => session.Prepared(
        $"""
        UPDATE roll_device SET live = 0 WHERE roll = $roll AND device IN ({Lot("live > 0")})
            AND EXISTS (SELECT 1 FROM roll o WHERE o.id = $roll AND o.version = $version)
        """,
        ("$roll", Keys.Of(roll.Id)),
        ("$max", (long)max),
        ("$version", (long)roll.Version)).ExecuteNonQuery();

    /// <summary>
    /// Turns devices of a roll that goes back: from now on they are to be seen with what was to be retired. Waves begin anew, and what was offered and
    /// not followed is to be withdrawn. A device whose old leaf is retired already has nothing to go back to.
    /// </summary>
    /// <returns>How many there were.</returns>
    public static int Turn(SqlSession session, Roll roll, int max) => session.Prepared(
        $"""
        UPDATE roll_device SET back = 1, live = 2, wave = NULL, offered = NULL, opens = NULL, failure = NULL,
            sent = CASE WHEN wave IS NOT NULL AND moved = 0 THEN 3 ELSE 0 END,
            waiver = CASE WHEN retired = 1 THEN 'its old leaf is retired already' ELSE NULL END,
            new = old, old = coalesce(new, old)
        WHERE roll = $roll AND device IN ({Lot("back = 0")})
        """,
        ("$roll", Keys.Of(roll.Id)),
        ("$max", (long)max)).ExecuteNonQuery();

    private static string Lot(string condition) => $"SELECT r.device FROM roll_device r WHERE r.roll = $roll AND r.{condition} LIMIT $max";
}
