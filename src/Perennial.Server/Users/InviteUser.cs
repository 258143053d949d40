namespace Perennial.Server.Users;

/// <summary>Invites someone to become a user, or a user to set password and codes anew.</summary>
internal sealed class InviteUser(IUserStore users, TimeProvider time)
{
    /// <returns>The token of the invitation, to be handed over; it can be read nowhere again.</returns>
    public async Task<OneTimeToken> RunAsync(UserName name, UserRole role, string actor, CancellationToken cancellationToken)
    {
        var token = OneTimeToken.Fresh();
        var invitation = new Invitation
        {
            Token = token.Hash,
            Name = name,
            Role = role,
            Codes = OneTimeCodes.Fresh(),
            Ends = time.GetUtcNow() + Invitation.Validity,
        };
        await users.InviteAsync(invitation, actor, cancellationToken);
        return token;
    }
}
