using Perennial.Server.Users;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Users, their invitations, sessions and failed attempts.</summary>
public abstract class UserStoreSuite(SqlStores stores) : IAsyncDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromHours(8);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task An_invitation_is_used_once_and_ends_the_sessions_that_there_were()
    {
        var invite = new InviteUser(stores.Users, stores.Time);
        var accept = new AcceptInvitation(stores.Users, stores.Sessions, stores.Time);
        var first = await invite.RunAsync(Name("alice"), UserRole.Operator, "op", Stop);
        Assert.IsType<AcceptOutcome.Invalid>(await accept.RunAsync(first.Text, null, "too short", null, Stop));
        var joined = Assert.IsType<AcceptOutcome.Accepted>(await accept.RunAsync(first.Text, null, "long enough to keep", await CodeAsync(first), Stop));
        Assert.Equal(UserRole.Operator, (await FindAsync(joined.Session))?.User.Role);
        Assert.IsType<AcceptOutcome.Gone>(await accept.RunAsync(first.Text, null, "long enough to keep", "000000", Stop));

        var again = await invite.RunAsync(Name("ALICE"), UserRole.Reader, "op", Stop);
        Assert.IsType<AcceptOutcome.Accepted>(await accept.RunAsync(again.Text, null, "another long password", await CodeAsync(again), Stop));
        Assert.Null(await FindAsync(joined.Session));
        Assert.Equal(UserRole.Reader, Assert.Single(await stores.Users.ListAsync(Stop)).Role);

        var late = await invite.RunAsync(Name("bob"), UserRole.Reader, "op", Stop);
        stores.Time.Advance(Invitation.Validity);
        Assert.IsType<AcceptOutcome.Gone>(await accept.RunAsync(late.Text, null, "long enough to keep", await CodeAsync(late), Stop));
        Assert.Equal(
            ["op user.invite user 'alice'", "user alice user.join user 'alice'", "op user.invite user 'ALICE'", "user ALICE user.join user 'ALICE'", "op user.invite user 'bob'"],
            stores.Audit());
        Assert.DoesNotContain(stores.AuditDetails(), text => text.Contains("pbkdf2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_ends_when_it_is_not_used_and_when_it_is_ended()
    {
        await stores.Users.SaveAsync(User("alice", UserRole.Reader), "op", Stop);
        var (kept, ended) = (OneTimeToken.Fresh(), OneTimeToken.Fresh());
        Assert.True(await stores.Sessions.StartAsync(kept.Hash, Name("Alice"), null, Stop));
        Assert.True(await stores.Sessions.StartAsync(ended.Hash, Name("alice"), null, Stop));
        Assert.False(await stores.Sessions.StartAsync(OneTimeToken.Fresh().Hash, Name("nobody"), null, Stop));
        await stores.Sessions.EndAsync(ended.Hash, Stop);
        Assert.Null(await FindAsync(ended));
        stores.Time.Advance(Idle - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync(kept));
        await stores.Sessions.NoteAsync(kept.Hash, Stop);
        stores.Time.Advance(Idle - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync(kept));
        stores.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FindAsync(kept));
    }

    [Fact]
    public async Task A_code_starts_one_session_and_an_older_one_none()
    {
        await stores.Users.SaveAsync(User("alice", UserRole.Reader), "op", Stop);
        Assert.True(await stores.Sessions.StartAsync(OneTimeToken.Fresh().Hash, Name("alice"), 100, Stop));
        Assert.False(await stores.Sessions.StartAsync(OneTimeToken.Fresh().Hash, Name("alice"), 100, Stop));
        Assert.False(await stores.Sessions.StartAsync(OneTimeToken.Fresh().Hash, Name("alice"), 99, Stop));
        Assert.True(await stores.Sessions.StartAsync(OneTimeToken.Fresh().Hash, Name("alice"), 101, Stop));
    }

    [Fact]
    public async Task Failed_attempts_lock_a_name_for_longer_each_time_and_are_forgotten_by_success_and_after_an_hour()
    {
        await stores.Users.SaveAsync(User("alice", UserRole.Reader), "op", Stop);
        for (var i = 1; i <= Attempts.Free; i++)
        {
            Assert.False((await stores.Users.NoteFailureAsync(Name("alice"), Stop)).IsLockedAt(stores.Time.GetUtcNow()));
        }

        var now = stores.Time.GetUtcNow();
        Assert.Equal(now + Attempts.FirstLock, (await stores.Users.NoteFailureAsync(Name("ALICE"), Stop)).LockedUntil);
        Assert.Equal(now + (2 * Attempts.FirstLock), (await stores.Users.NoteFailureAsync(Name("alice"), Stop)).LockedUntil);
        Assert.True(await stores.Sessions.StartAsync(OneTimeToken.Fresh().Hash, Name("alice"), null, Stop));
        Assert.Equal(Attempts.None, await stores.Users.FindAttemptsAsync(Name("alice"), Stop));
        await stores.Users.NoteFailureAsync(Name("nobody"), Stop);
        stores.Time.Advance(Attempts.Memory);
        Assert.Equal(Attempts.None, await stores.Users.FindAttemptsAsync(Name("nobody"), Stop));
    }

    [Fact]
    public async Task The_last_administrator_of_this_server_stays()
    {
        await stores.Users.SaveAsync(User("alice", UserRole.Administrator), "op", Stop);
        await stores.Users.SaveAsync(User("carol", UserRole.Administrator) with { IsExternal = true }, "op", Stop);
        Assert.Equal(UserChange.LastAdministrator, await stores.Users.RemoveAsync(Name("alice"), "op", Stop));
        Assert.Equal(UserChange.LastAdministrator, await stores.Users.SetRoleAsync(Name("alice"), UserRole.Operator, "op", Stop));
        await stores.Users.SaveAsync(User("bob", UserRole.Administrator), "op", Stop);
        Assert.Equal(UserChange.Done, await stores.Users.SetRoleAsync(Name("alice"), UserRole.Operator, "op", Stop));
        Assert.Equal(UserChange.Done, await stores.Users.RemoveAsync(Name("Alice"), "op", Stop));
        Assert.Equal(UserChange.NotFound, await stores.Users.RemoveAsync(Name("alice"), "op", Stop));
        Assert.Equal(["bob", "carol"], (await stores.Users.ListAsync(Stop)).Select(user => user.Name.Value));
    }

    private Task<Session?> FindAsync(OneTimeToken token) => stores.Sessions.FindAsync(token.Hash, stores.Time.GetUtcNow() - Idle, Stop);

    private async Task<string> CodeAsync(OneTimeToken invitation) =>
        (await stores.Users.FindInvitationAsync(invitation.Hash, Stop))!.Codes!.CodeOf(OneTimeCodes.StepAt(stores.Time.GetUtcNow()));

    private User User(string name, UserRole role) => new() { Name = Name(name), Role = role, Created = stores.Time.GetUtcNow() };

    private static UserName Name(string text) => UserName.TryParse(text, out var name) ? name : throw new ArgumentException(text);
}
