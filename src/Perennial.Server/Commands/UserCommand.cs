using System.CommandLine;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.Server.Portal.Access;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;

namespace Perennial.Server.Commands;

/// <summary><c>perennial user</c>: who may use the portal, while the server runs or not. Whoever may read the data folder may let anybody in.</summary>
internal static class UserCommand
{
    private static readonly Option<string> DataFolder = new("--data")
    {
        Description = "The data folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ServeCommand.DefaultDataFolder,
        Recursive = true,
    };

    private static readonly Option<UserRole> Role = new("--role")
    {
        Description = "reader sees, operator changes devices and certificates, administrator changes users and settings too.",
        HelpName = "ROLE",
        Required = true,
    };

    private static readonly Argument<string> Name = new("name") { Description = "The user." };

    public static Command Create()
    {
        Role.AcceptOnlyFromAmong("reader", "operator", "administrator");
        var list = new Verb("list", "Lists the users and what they may.", "perennial user list");
        var add = new Verb(
            "add", "Invites a user: prints an address, valid for a week, at which password and codes are set.", "perennial user add alice --role operator") { Name, Role };
        var reset = new Verb(
            "reset", "Lets a user set password and codes anew, by an address that it prints; ends the lock after failed attempts.", "perennial user reset alice") { Name };
        var remove = new Verb("remove", "Removes a user, with sessions and invitations. The last administrator stays.", "perennial user remove alice") { Name };
        list.SetAction((line, cancellationToken) => RunAsync(line, (users, _) => ListAsync(line, users, cancellationToken)));
        add.SetAction((line, cancellationToken) => RunAsync(
            line, (users, instance) => InviteAsync(line, users, instance, line.GetRequiredValue(Role), cancellationToken)));
        reset.SetAction((line, cancellationToken) => RunAsync(line, (users, instance) => ResetAsync(line, users, instance, cancellationToken)));
        remove.SetAction((line, cancellationToken) => RunAsync(line, (users, _) => RemoveAsync(line, users, cancellationToken)));
        return new Command("user", "Lists, invites, resets and removes users of the portal.") { DataFolder, list, add, reset, remove };
    }

    private static async Task<int> RunAsync(ParseResult line, Func<IUserStore, Instance, Task> work)
    {
        using var instance = Instance.Read(line.GetRequiredValue(DataFolder));
        try
        {
            await using var database = DatabaseOpening.OpenBeside(instance.Database, NullLoggerFactory.Instance, TimeProvider.System);
            await work(new UserStore(database, TimeProvider.System), instance);
            return 0;
        }
        catch (Exception exception) when (exception is StorageUnavailableException or SqliteException or NpgsqlException)
        {
            throw new OperatorException(exception.Message, exception);
        }
    }

    private static async Task ListAsync(ParseResult line, IUserStore users, CancellationToken cancellationToken)
    {
        foreach (var user in await users.ListAsync(cancellationToken))
        {
            var seen = user.SignedIn is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "never";
            var kind = user.IsExternal ? "OpenID" : user.Codes is null ? "password" : "password and codes";
            await line.InvocationConfiguration.Output.WriteLineAsync($"{user.Name.Value,-24} {user.Role,-14} {kind,-20} signed in {seen}");
        }
    }

    private static async Task InviteAsync(ParseResult line, IUserStore users, Instance instance, UserRole role, CancellationToken cancellationToken)
    {
        var token = await new InviteUser(users, TimeProvider.System).RunAsync(NameOf(line), role, AuthoritySession.Actor, cancellationToken);
        await line.InvocationConfiguration.Output.WriteLineAsync(PortalAddress.Of(instance.Document, AccessPages.JoinPath, token.Text).ToString());
    }

    private static async Task ResetAsync(ParseResult line, IUserStore users, Instance instance, CancellationToken cancellationToken)
    {
        var name = NameOf(line);
        var role = (await users.FindAsync(name, cancellationToken))?.Role ?? (await users.FindInvitationOfAsync(name, cancellationToken))?.Role
            ?? throw Unknown(line, name);
        await InviteAsync(line, users, instance, role, cancellationToken);
    }

    private static async Task RemoveAsync(ParseResult line, IUserStore users, CancellationToken cancellationToken)
    {
        var name = NameOf(line);
        switch (await users.RemoveAsync(name, AuthoritySession.Actor, cancellationToken))
        {
            case UserChange.NotFound:
                throw Unknown(line, name);
            case UserChange.LastAdministrator:
                throw new OperatorException($"'{name}' is the last administrator. Invite another one first: perennial user add NAME --role administrator");
            default:
                return;
        }
    }

    private static UserName NameOf(ParseResult line) => UserName.TryParse(line.GetRequiredValue(Name), out var name)
        ? name
        : throw new OperatorException($"'{line.GetRequiredValue(Name)}' cannot be a user's name. Use 1 to {UserName.MaxLength} letters, digits and . _ - @ +");

    private static OperatorException Unknown(ParseResult line, UserName name) =>
        new($"there is no user '{name}'. See them with: perennial user list --data {line.GetRequiredValue(DataFolder)}");
}
