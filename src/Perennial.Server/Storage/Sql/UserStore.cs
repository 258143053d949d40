using System.Text.Json.Nodes;
using Perennial.Server.Users;

namespace Perennial.Server.Storage.Sql;

/// <summary>Users, invitations and failed attempts in SQL.</summary>
internal sealed class UserStore(SqlDatabase database, TimeProvider time) : IUserStore
{
    public Task<User?> FindAsync(UserName name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => UserRows.Find(session, Keys.Of(name.Value)), cancellationToken);

    public Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<User>>(UserRows.List, cancellationToken);

    public Task SaveAsync(User user, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var before = UserRows.Find(session, Keys.Of(user.Name.Value));
            UserRows.Upsert(session, user, codeStep: 0);
            Audit(session, actor, "user.save", user.Name, before, user);
            return true;
        },
        cancellationToken);

    public Task<UserChange> RemoveAsync(UserName name, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Remove(session, name, actor), cancellationToken);

    public Task<UserChange> SetRoleAsync(UserName name, UserRole role, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => SetRole(session, name, role, actor), cancellationToken);

    public Task InviteAsync(Invitation invitation, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            InvitationRows.Replace(session, invitation);
            var after = new JsonObject { ["role"] = invitation.Role.ToString(), ["ends"] = invitation.Ends?.ToString("O") };
            AuditRow.Write(
                session, time.GetUtcNow(), actor, "user.invite", Subject(invitation.Name), before: null, after.ToJsonString());
            return true;
        },
        cancellationToken);

    public Task<Invitation?> FindInvitationAsync(byte[] token, CancellationToken cancellationToken) =>
        database.ReadAsync(session => InvitationRows.Find(session, token), cancellationToken);

    public Task<Invitation?> FindInvitationOfAsync(UserName name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => InvitationRows.FindOf(session, Keys.Of(name.Value)), cancellationToken);

    public Task<bool> AcceptAsync(byte[] token, User user, long codeStep, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Accept(session, token, user, codeStep), cancellationToken);

    public Task<Attempts> FindAttemptsAsync(UserName name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => AttemptRows.Find(session, Keys.Of(name.Value), time.GetUtcNow()), cancellationToken);

    public Task<Attempts> NoteFailureAsync(UserName name, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var (key, now) = (Keys.Of(name.Value), time.GetUtcNow());
            var failed = AttemptRows.Find(session, key, now).Failed(now);
            AttemptRows.Write(session, key, failed, now);
            return failed;
        },
        cancellationToken);

    private UserChange Remove(SqlSession session, UserName name, string actor)
    {
        if (UserRows.Find(session, Keys.Of(name.Value)) is not { } user)
        {
            return Uninvite(session, name, actor);
        }

        if (IsLastAdministrator(session, user))
        {
            return UserChange.LastAdministrator;
        }

        UserRows.Remove(session, Keys.Of(name.Value));
        Audit(session, actor, "user.remove", name, user, after: null);
        return UserChange.Done;
    }

    private UserChange Uninvite(SqlSession session, UserName name, string actor)
    {
        if (!InvitationRows.RemoveOf(session, Keys.Of(name.Value)))
        {
            return UserChange.NotFound;
        }

        Audit(session, actor, "user.uninvite", name, before: null, after: null);
        return UserChange.Done;
    }

    private UserChange SetRole(SqlSession session, UserName name, UserRole role, string actor)
    {
        if (UserRows.Find(session, Keys.Of(name.Value)) is not { } user)
        {
            return UserChange.NotFound;
        }

        if (role != UserRole.Administrator && IsLastAdministrator(session, user))
        {
            return UserChange.LastAdministrator;
        }

        UserRows.SetRole(session, Keys.Of(name.Value), role);
        Audit(session, actor, "user.save", name, user, user with { Role = role });
        return UserChange.Done;
    }

    private bool Accept(SqlSession session, byte[] token, User user, long codeStep)
    {
        if (!InvitationRows.Remove(session, token))
        {
            return false;
        }

        var key = Keys.Of(user.Name.Value);
        var before = UserRows.Find(session, key);
        UserRows.EndSessions(session, key);
        AttemptRows.Forget(session, key);
        UserRows.Upsert(session, user, codeStep);
        Audit(session, user.Actor, "user.join", user.Name, before, user);
        return true;
    }

    // Of those who sign in elsewhere, the role is given elsewhere: they are not counted on.
    private static bool IsLastAdministrator(SqlSession session, User user) =>
        user is { Role: UserRole.Administrator, IsExternal: false }
        && UserRows.List(session).Count(other => other is { Role: UserRole.Administrator, IsExternal: false }) == 1;

    private void Audit(SqlSession session, string actor, string action, UserName name, User? before, User? after) =>
        AuditRow.Write(session, time.GetUtcNow(), actor, action, Subject(name), Describe(before), Describe(after));

    private static string Subject(UserName? name) => name is null ? "first administrator" : $"user '{name}'";

    private static string? Describe(User? user) => user is null ? null : new JsonObject
    {
        ["name"] = user.Name.Value,
        ["role"] = user.Role.ToString(),
        ["external"] = user.IsExternal,
        ["password"] = user.Password is not null,
        ["codes"] = user.Codes is not null,
    }.ToJsonString();
}
