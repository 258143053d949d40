using Perennial.Server.Users;

namespace Perennial.Server.Storage.Sql;

/// <summary>Sessions of the portal in SQL.</summary>
internal sealed class SessionStore(SqlDatabase database, TimeProvider time) : ISessionStore
{
    /// <summary>Sessions that were not used for so long are deleted.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public Task<bool> StartAsync(byte[] token, UserName user, long? codeStep, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Start(session, token, Keys.Of(user.Value), codeStep), cancellationToken);

    public Task<Session?> FindAsync(byte[] token, DateTimeOffset seenAfter, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, token, seenAfter), cancellationToken);

    public Task NoteAsync(byte[] token, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Prepared(
            "UPDATE portal_session SET seen = $now WHERE token = $token", ("$now", time.GetUtcNow().UtcTicks), ("$token", token)).ExecuteNonQuery(),
        cancellationToken);

    public Task EndAsync(byte[] token, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Prepared("DELETE FROM portal_session WHERE token = $token", ("$token", token)).ExecuteNonQuery(), cancellationToken);

    private bool Start(SqlSession session, byte[] token, string key, long? codeStep)
    {
        var now = time.GetUtcNow().UtcTicks;
        var isFresh = codeStep is { } step
            ? session.Prepared(
                "UPDATE portal_user SET code_step = $step, signed_in = $now WHERE key = $key AND code_step < $step",
                ("$step", step),
                ("$now", now),
                ("$key", key)).ExecuteNonQuery() > 0
            : session.Prepared("UPDATE portal_user SET signed_in = $now WHERE key = $key", ("$now", now), ("$key", key)).ExecuteNonQuery() > 0;
        if (!isFresh)
        {
            return false;
        }

        AttemptRows.Forget(session, key);
        session.Prepared("DELETE FROM portal_session WHERE seen < $before", ("$before", now - Kept.Ticks)).ExecuteNonQuery();
        session.Prepared(
            "INSERT INTO portal_session (token, user_key, started, seen) VALUES ($token, $key, $now, $now)",
            ("$token", token),
            ("$key", key),
            ("$now", now)).ExecuteNonQuery();
        return true;
    }

    private static Session? Find(SqlSession session, byte[] token, DateTimeOffset seenAfter)
    {
        using var row = session.Prepared(
            $"""
            SELECT s.started, s.seen, {UserRows.Columns} FROM portal_session s JOIN portal_user u ON u.key = s.user_key
            WHERE s.token = $token AND s.seen > $after
            """,
            ("$token", token),
            ("$after", seenAfter.UtcTicks)).ExecuteReader();
        return row.Read()
            ? new Session(
                token,
                UserRows.Read(row, 2),
                new DateTimeOffset(row.GetInt64(0), TimeSpan.Zero),
                new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero))
            : null;
    }
}
