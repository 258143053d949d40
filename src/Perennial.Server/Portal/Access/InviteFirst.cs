using Perennial.Server.Instances;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Access;

/// <summary>Invites the first administrator while there is no user. The token stays the same over restarts, in a file that its owner alone reads.</summary>
internal sealed class InviteFirst(IUserStore users, string keysFolder)
{
    /// <summary>Who is said to have invited.</summary>
    public const string Actor = "first start";

    private string File => Path.Combine(keysFolder, "portal-invitation");

    /// <returns>The token, or null when there is a user.</returns>
    public async Task<OneTimeToken?> RunAsync(CancellationToken cancellationToken)
    {
        if ((await users.ListAsync(cancellationToken)).Count > 0)
        {
            System.IO.File.Delete(File);
            return null;
        }

        if (System.IO.File.Exists(File)
            && OneTimeToken.Of((await System.IO.File.ReadAllTextAsync(File, cancellationToken)).Trim()) is { } kept
            && await users.FindInvitationAsync(kept.Hash, cancellationToken) is not null)
        {
            return kept;
        }

        var token = OneTimeToken.Fresh();
        var invitation = new Invitation { Token = token.Hash, Role = UserRole.Administrator, Codes = OneTimeCodes.Fresh() };
        await users.InviteAsync(invitation, Actor, cancellationToken);
        AtomicFile.WriteSecret(File, Encoding.ASCII.GetBytes(token.Text));
        return token;
    }
}
