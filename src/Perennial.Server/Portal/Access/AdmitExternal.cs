using Perennial.Server.Users;

namespace Perennial.Server.Portal.Access;

/// <summary>Lets in whom the OpenID provider has signed in, with the role that it gives.</summary>
internal sealed class AdmitExternal(IUserStore users, ISessionStore sessions, SessionCookie cookie, TimeProvider time)
{
    public SessionCookie Cookie => cookie;

    /// <param name="name">What the provider calls the user.</param>
    /// <param name="role">The role that it gives; null for none.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<ExternalOutcome> RunAsync(string? name, UserRole? role, CancellationToken cancellationToken)
    {
        if (!UserName.TryParse(name, out var userName))
        {
            return new ExternalOutcome.Refused("The provider tells no name that can be a user's: up to 64 letters, digits and . _ - @ +.");
        }

        if (role is not { } given)
        {
            return new ExternalOutcome.Refused($"The provider gives '{userName}' no role of this portal. Whoever keeps the provider can give one.");
        }

        var known = await users.FindAsync(userName, cancellationToken);
        if (known is { IsExternal: false })
        {
            return new ExternalOutcome.Refused($"'{userName}' is a user of this server, who signs in with a password.");
        }

        if (known?.Role != given)
        {
            var user = new User { Name = userName, Role = given, IsExternal = true, Created = known?.Created ?? time.GetUtcNow() };
            await users.SaveAsync(user, user.Actor, cancellationToken);
        }

        var session = OneTimeToken.Fresh();
        return await sessions.StartAsync(session.Hash, userName, codeStep: null, cancellationToken)
            ? new ExternalOutcome.Admitted(session)
            : new ExternalOutcome.Refused("The user was removed at this moment.");
    }
}
