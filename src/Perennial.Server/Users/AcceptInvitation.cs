namespace Perennial.Server.Users;

/// <summary>Makes a user of who holds an invitation, and signs the user in.</summary>
internal sealed class AcceptInvitation(IUserStore users, ISessionStore sessions, TimeProvider time)
{
    /// <summary>The invitation behind a token, while it can be accepted.</summary>
    public async Task<Invitation?> FindAsync(string? token, CancellationToken cancellationToken) =>
        OneTimeToken.Of(token) is { } known && await users.FindInvitationAsync(known.Hash, cancellationToken) is { } invitation
        && (invitation.Ends is not { } ends || time.GetUtcNow() < ends)
            ? invitation
            : null;

    /// <param name="token">The invitation's.</param>
    /// <param name="name">The name that the guest chose, where the invitation has none.</param>
    /// <param name="password">The new password.</param>
    /// <param name="code">A code of the app that has just been set up.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<AcceptOutcome> RunAsync(string? token, string? name, string? password, string? code, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { } invitation)
        {
            return new AcceptOutcome.Gone();
        }

        if (invitation.Name is not { } userName && !UserName.TryParse(name, out userName))
        {
            return new AcceptOutcome.Invalid($"Choose a name of 1 to {UserName.MaxLength} letters, digits and . _ - @ +.");
        }

        if (invitation.NeedsPassword && password is not { Length: >= PasswordHash.MinLength and <= PasswordHash.MaxLength })
        {
            return new AcceptOutcome.Invalid($"Choose a password of {PasswordHash.MinLength} to {PasswordHash.MaxLength} characters.");
        }

        var step = invitation.Codes?.Match(code ?? string.Empty, time.GetUtcNow());
        if (invitation.Codes is not null && step is null)
        {
            return new AcceptOutcome.Invalid("The code is not the one that the app shows for this secret now. Set the app up, and type the six digits it shows.");
        }

        return await AcceptAsync(invitation, userName, password, step, cancellationToken);
    }

    private async Task<AcceptOutcome> AcceptAsync(
        Invitation invitation, UserName name, string? password, long? step, CancellationToken cancellationToken)
    {
        var before = await users.FindAsync(name, cancellationToken);
        if (invitation.Name is null && before is not null)
        {
            return new AcceptOutcome.Invalid($"There is a user '{name}' already. Choose another name.");
        }

        var user = new User
        {
            Name = name,
            Role = invitation.Role,
            Password = invitation.NeedsPassword ? PasswordHash.Of(password!) : null,
            Codes = invitation.Codes,
            Created = before?.Created ?? time.GetUtcNow(),
        };
        if (!await users.AcceptAsync(invitation.Token, user, step ?? 0, cancellationToken))
        {
            return new AcceptOutcome.Gone();
        }

        var session = OneTimeToken.Fresh();
        return await sessions.StartAsync(session.Hash, name, codeStep: null, cancellationToken)
            ? new AcceptOutcome.Accepted(session)
            : new AcceptOutcome.Gone();
    }
}
