using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Server.Instances;
using Perennial.Server.Portal.Access;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Settings;

/// <summary>Who may use the portal, and as what.</summary>
internal sealed class UserPages(InstanceDocument instance, IUserStore users, InviteUser invite, TimeProvider time) : IPortalPages
{
    public const string Path = PortalNavigation.Settings + "/users";

    private const string Pattern = Path + "/{name}";

    private const string Gone = "There is no such user any more.";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(Path, context => ShowAsync(context), UserRole.Administrator);
        routes.Form(Path, InviteAsync, UserRole.Administrator);
        routes.Form(Pattern + "/reset", ResetAsync, UserRole.Administrator);
        routes.Form(Pattern + "/role", ChangeRoleAsync, UserRole.Administrator);
        routes.Form(Pattern + "/remove", RemoveAsync, UserRole.Administrator);
    }

    private async Task<IResult> ShowAsync(HttpContext context, KeysModel? invitation = null, string? fault = null) => PortalReply.Page<UsersPage>(
        new UsersModel
        {
            Users = [.. (await users.ListAsync(context.RequestAborted)).Select(user => new UserLine(user.Name.Value, user.Role, user.IsExternal, user.SignedIn))],
            Now = time.GetUtcNow(),
            Invitation = invitation,
            Done = context.Request.Query["done"].ToString() switch
            {
                "role" => "The role was changed; it counts from the user's next click on.",
                "removed" => "The user was removed, and signed out everywhere.",
                _ => null,
            },
            Fault = fault,
        },
        fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private async Task<IResult> InviteAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!UserName.TryParse(form["name"], out var name))
        {
            return await ShowAsync(context, fault: $"'{form["name"]}' is not a user's name: 1 to {UserName.MaxLength} letters, digits and . _ - @ +");
        }

        if (RoleOf(form) is not { } role)
        {
            return await ShowAsync(context, fault: "Choose a role.");
        }

        return await users.FindAsync(name, context.RequestAborted) is null
            ? await InviteAsync(context, name, role)
            : await ShowAsync(context, fault: $"There is a user {name} already.");
    }

    private async Task<IResult> ResetAsync(HttpContext context) =>
        Name(context) is { } name && await users.FindAsync(name, context.RequestAborted) is { IsExternal: false } user
            ? await InviteAsync(context, user.Name, user.Role)
            : await ShowAsync(context, fault: Gone);

    private async Task<IResult> InviteAsync(HttpContext context, UserName name, UserRole role)
    {
        var token = await invite.RunAsync(name, role, PortalUser.ActorOf(context.User), context.RequestAborted);
        var address = PortalAddress.Of(instance, AccessPages.JoinPath, token.Text);
        return await ShowAsync(context, new KeysModel($"Hand this address over to {name}.", [("Address, for one use within 7 days", address.ToString())]));
    }

    private async Task<IResult> ChangeRoleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return Name(context) is { } name && RoleOf(form) is { } role
            ? await DoneAsync(context, await users.SetRoleAsync(name, role, PortalUser.ActorOf(context.User), context.RequestAborted), "role")
            : await ShowAsync(context, fault: Gone);
    }

    private async Task<IResult> RemoveAsync(HttpContext context) => Name(context) is { } name
        ? await DoneAsync(context, await users.RemoveAsync(name, PortalUser.ActorOf(context.User), context.RequestAborted), "removed")
        : await ShowAsync(context, fault: Gone);

    private async Task<IResult> DoneAsync(HttpContext context, UserChange change, string done) => change switch
    {
        UserChange.Done => PortalReply.SeeOther($"{Path}?done={done}"),
        UserChange.LastAdministrator => await ShowAsync(context, fault: "This is the last administrator: nobody could change users any more. Make another one first."),
        _ => await ShowAsync(context, fault: Gone),
    };

    private static UserRole? RoleOf(IFormCollection form) =>
        Enum.TryParse<UserRole>(form["role"], out var role) && Enum.IsDefined(role) ? role : null;

    private static UserName? Name(HttpContext context) => UserName.TryParse(context.Request.RouteValues["name"] as string, out var name) ? name : null;
}
