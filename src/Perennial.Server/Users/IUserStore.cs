namespace Perennial.Server.Users;

/// <summary>Storage of users, their invitations and their failed attempts. Every change of a user has an audit row.</summary>
internal interface IUserStore
{
    Task<User?> FindAsync(UserName name, CancellationToken cancellationToken);

    /// <summary>All users, by name.</summary>
    Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Stores the user, whether there was one of the name or not.</summary>
    Task SaveAsync(User user, string actor, CancellationToken cancellationToken);

    /// <summary>Removes the user, the sessions and the invitation, or the invitation alone of who is no user yet; not the last administrator.</summary>
    Task<UserChange> RemoveAsync(UserName name, string actor, CancellationToken cancellationToken);

    /// <summary>Gives another role; not to the last administrator.</summary>
    Task<UserChange> SetRoleAsync(UserName name, UserRole role, string actor, CancellationToken cancellationToken);

    /// <summary>Stores an invitation; an older one of the same name, or without one, goes.</summary>
    Task InviteAsync(Invitation invitation, string actor, CancellationToken cancellationToken);

    Task<Invitation?> FindInvitationAsync(byte[] token, CancellationToken cancellationToken);

    /// <summary>The invitation of a named user.</summary>
    Task<Invitation?> FindInvitationOfAsync(UserName name, CancellationToken cancellationToken);

    /// <summary>Uses the invitation up: stores the user and ends the sessions that there were.</summary>
    /// <returns>False when the invitation is not there any more.</returns>
    Task<bool> AcceptAsync(byte[] token, User user, long codeStep, CancellationToken cancellationToken);

    Task<Attempts> FindAttemptsAsync(UserName name, CancellationToken cancellationToken);

    /// <summary>Counts one failed attempt.</summary>
    Task<Attempts> NoteFailureAsync(UserName name, CancellationToken cancellationToken);
}
