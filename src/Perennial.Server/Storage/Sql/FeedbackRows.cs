using Perennial.Hub.Devicebound;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of feedback on messages to devices.</summary>
internal static class FeedbackRows
{
    public static void Insert(SqlSession session, string hub, MessageFeedback feedback) =>
        session.Prepared(
            """
            INSERT INTO feedback (hub, at, device, generation, message, outcome, held_until)
            VALUES ($hub, $at, $device, $generation, $message, $outcome, 0)
            """,
            ("$hub", hub),
            ("$at", feedback.At.UtcTicks),
            ("$device", feedback.Device.Value),
            ("$generation", feedback.Generation),
            ("$message", feedback.MessageId),
            ("$outcome", (int)feedback.End)).ExecuteNonQuery();

    /// <summary>The oldest records that nobody holds now.</summary>
    public static IReadOnlyList<(long Number, MessageFeedback Record)> Free(SqlSession session, string hub, DateTimeOffset now, int max)
    {
        using var reader = session.Prepared(
            """
            SELECT number, device, generation, message, outcome, at FROM feedback
            WHERE hub = $hub AND held_until <= $now ORDER BY number LIMIT $max
            """,
            ("$hub", hub),
            ("$now", now.UtcTicks),
            ("$max", max)).ExecuteReader();
        var free = new List<(long, MessageFeedback)>();
        while (reader.Read())
        {
            free.Add((reader.GetInt64(0), new MessageFeedback(
                DeviceRows.Id(reader.GetString(1)),
                reader.GetString(2),
                reader.GetString(3),
                (MessageEnd)reader.GetInt32(4),
                new DateTimeOffset(reader.GetInt64(5), TimeSpan.Zero))));
        }

        return free;
    }

    public static void Hold(SqlSession session, long number, Guid lockToken, DateTimeOffset until) =>
        session.Prepared(
            "UPDATE feedback SET held = $held, held_until = $until WHERE number = $number",
            ("$held", lockToken.ToString("D")),
            ("$until", until.UtcTicks),
            ("$number", number)).ExecuteNonQuery();

    public static int Delete(SqlSession session, string hub, Guid lockToken, DateTimeOffset now) =>
        session.Prepared(
            "DELETE FROM feedback WHERE hub = $hub AND held_until > $now AND held = $held",
            ("$hub", hub),
            ("$now", now.UtcTicks),
            ("$held", lockToken.ToString("D"))).ExecuteNonQuery();

    public static int Release(SqlSession session, string hub, Guid lockToken, DateTimeOffset now) =>
        session.Prepared(
            "UPDATE feedback SET held = NULL, held_until = 0 WHERE hub = $hub AND held_until > $now AND held = $held",
            ("$hub", hub),
            ("$now", now.UtcTicks),
            ("$held", lockToken.ToString("D"))).ExecuteNonQuery();

    public static bool HasBefore(SqlSession session, string hub, DateTimeOffset before) =>
        session.Prepared(
            "SELECT 1 FROM feedback WHERE hub = $hub AND at < $before LIMIT 1",
            ("$hub", hub),
            ("$before", before.UtcTicks)).ExecuteScalar() is not null;

    public static void DeleteBefore(SqlSession session, string hub, DateTimeOffset before) =>
        session.Prepared(
            "DELETE FROM feedback WHERE hub = $hub AND at < $before", ("$hub", hub), ("$before", before.UtcTicks)).ExecuteNonQuery();
}
