using Perennial.Server.Users;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of failed attempts to sign in.</summary>
internal static class AttemptRows
{
    public static Attempts Find(SqlSession session, string key, DateTimeOffset now)
    {
        using var row = session.Prepared(
            "SELECT failures, locked_until FROM portal_attempt WHERE key = $key AND at > $since",
            ("$key", key),
            ("$since", (now - Attempts.Memory).UtcTicks)).ExecuteReader();
        return row.Read() ? new Attempts((int)row.GetInt64(0), new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero)) : Attempts.None;
    }

    /// <summary>Writes the attempts of one name, and forgets the old ones of all names: anybody can invent names.</summary>
    public static void Write(SqlSession session, string key, Attempts attempts, DateTimeOffset now)
    {
        session.Prepared("DELETE FROM portal_attempt WHERE at <= $before", ("$before", (now - Attempts.Memory).UtcTicks)).ExecuteNonQuery();
        session.Prepared(
            """
            INSERT INTO portal_attempt (key, failures, at, locked_until) VALUES ($key, $failures, $at, $until)
            ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, at = excluded.at, locked_until = excluded.locked_until
            """,
            ("$key", key),
            ("$failures", (long)attempts.Failures),
            ("$at", now.UtcTicks),
            ("$until", attempts.LockedUntil.UtcTicks)).ExecuteNonQuery();
    }

    public static void Forget(SqlSession session, string key) =>
        session.Prepared("DELETE FROM portal_attempt WHERE key = $key", ("$key", key)).ExecuteNonQuery();
}
