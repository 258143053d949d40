using System.Data.Common;
using Perennial.Server.Users;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of invitations.</summary>
internal static class InvitationRows
{
    private const string Columns = "SELECT name, role, code_secret, needs_password, ends, token FROM portal_invitation";

    public static Invitation? Find(SqlSession session, byte[] token)
    {
        using var row = session.Prepared($"{Columns} WHERE token = $token", ("$token", token)).ExecuteReader();
        return Read(row);
    }

    /// <param name="session">The reader.</param>
    /// <param name="key">The name in lower case.</param>
    public static Invitation? FindOf(SqlSession session, string key)
    {
        using var row = session.Prepared($"{Columns} WHERE lower(name) = $key", ("$key", key)).ExecuteReader();
        return Read(row);
    }

    /// <summary>Stores the invitation; an older one of the same name, or without one, goes.</summary>
    public static void Replace(SqlSession session, Invitation invitation)
    {
        RemoveOf(session, invitation.Name is { } name ? Keys.Of(name.Value) : string.Empty);
        session.Prepared(
            """
            INSERT INTO portal_invitation (token, name, role, code_secret, needs_password, ends)
            VALUES ($token, $name, $role, $secret, $password, $ends)
            """,
            ("$token", invitation.Token),
            ("$name", invitation.Name?.Value),
            ("$role", (long)invitation.Role),
            ("$secret", invitation.Codes?.ToArray()),
            ("$password", invitation.NeedsPassword ? 1L : 0L),
            ("$ends", invitation.Ends?.UtcTicks)).ExecuteNonQuery();
    }

    public static bool Remove(SqlSession session, byte[] token) =>
        session.Prepared("DELETE FROM portal_invitation WHERE token = $token", ("$token", token)).ExecuteNonQuery() > 0;

    /// <param name="session">The writer.</param>
    /// <param name="key">The name in lower case; empty for invitations without one.</param>
    public static bool RemoveOf(SqlSession session, string key) =>
        session.Prepared("DELETE FROM portal_invitation WHERE lower(coalesce(name, '')) = $key", ("$key", key)).ExecuteNonQuery() > 0;

    private static Invitation? Read(DbDataReader row) =>
        !row.Read() ? null : new Invitation
        {
            Token = row.GetFieldValue<byte[]>(5),
            Name = row.IsDBNull(0) ? null : UserRows.Name(row.GetString(0)),
            Role = (UserRole)row.GetInt64(1),
            Codes = row.IsDBNull(2) ? null : new OneTimeCodes(row.GetFieldValue<byte[]>(2)),
            NeedsPassword = row.GetInt64(3) == 1,
            Ends = row.IsDBNull(4) ? null : new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero),
        };
}
