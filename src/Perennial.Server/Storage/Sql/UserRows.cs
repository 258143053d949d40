using System.Data.Common;
using Perennial.Server.Users;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of users and of what hangs on them.</summary>
internal static class UserRows
{
    /// <summary>What <see cref="Read"/> reads, in its order.</summary>
    public const string Columns = "u.name, u.role, u.is_external, u.password, u.code_secret, u.created, u.signed_in";

    public static User? Find(SqlSession session, string key)
    {
        using var reader = session.Prepared($"SELECT {Columns} FROM portal_user u WHERE u.key = $key", ("$key", key)).ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    public static List<User> List(SqlSession session)
    {
        using var reader = session.Prepared($"SELECT {Columns} FROM portal_user u ORDER BY u.key").ExecuteReader();
        var users = new List<User>();
        while (reader.Read())
        {
            users.Add(Read(reader));
        }

        return users;
    }

    public static void Upsert(SqlSession session, User user, long codeStep) => session.Prepared(
        """
        INSERT INTO portal_user (key, name, role, is_external, password, code_secret, code_step, created, signed_in)
        VALUES ($key, $name, $role, $external, $password, $secret, $step, $created, $signed_in)
        ON CONFLICT (key) DO UPDATE SET name = excluded.name, role = excluded.role, is_external = excluded.is_external,
            password = excluded.password, code_secret = excluded.code_secret, code_step = excluded.code_step
        """,
        ("$key", Keys.Of(user.Name.Value)),
        ("$name", user.Name.Value),
        ("$role", (long)user.Role),
        ("$external", user.IsExternal ? 1L : 0L),
        ("$password", user.Password?.ToString()),
        ("$secret", user.Codes?.ToArray()),
        ("$step", codeStep),
        ("$created", user.Created.UtcTicks),
        ("$signed_in", user.SignedIn?.UtcTicks)).ExecuteNonQuery();

    public static void SetRole(SqlSession session, string key, UserRole role) =>
        session.Prepared("UPDATE portal_user SET role = $role WHERE key = $key", ("$role", (long)role), ("$key", key)).ExecuteNonQuery();

    public static void Remove(SqlSession session, string key)
    {
        EndSessions(session, key);
        AttemptRows.Forget(session, key);
        InvitationRows.RemoveOf(session, key);
        session.Prepared("DELETE FROM portal_user WHERE key = $key", ("$key", key)).ExecuteNonQuery();
    }

    public static void EndSessions(SqlSession session, string key) =>
        session.Prepared("DELETE FROM portal_session WHERE user_key = $key", ("$key", key)).ExecuteNonQuery();

    /// <summary>Reads the columns that start at this one.</summary>
    public static User Read(DbDataReader row, int first = 0) => new()
    {
        Name = Name(row.GetString(first)),
        Role = (UserRole)row.GetInt64(first + 1),
        IsExternal = row.GetInt64(first + 2) == 1,
        Password = row.IsDBNull(first + 3) ? null : PasswordHash.Parse(row.GetString(first + 3)),
        Codes = row.IsDBNull(first + 4) ? null : new OneTimeCodes(row.GetFieldValue<byte[]>(first + 4)),
        Created = new DateTimeOffset(row.GetInt64(first + 5), TimeSpan.Zero),
        SignedIn = row.IsDBNull(first + 6) ? null : new DateTimeOffset(row.GetInt64(first + 6), TimeSpan.Zero),
    };

    public static UserName Name(string text) => UserName.TryParse(text, out var name)
        ? name
        : throw new InvalidDataException("The database holds a user whose name cannot be read.");
}
