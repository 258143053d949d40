using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Perennial.Server.Portal.Access;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal;

/// <summary>Lets a request through to its endpoint when it comes from one of our forms and its user may.</summary>
internal sealed class PortalGuard(SessionCookie sessions, IAntiforgery antiforgery)
{
    /// <summary>Finds out who makes the request.</summary>
    public async Task IdentifyAsync(HttpContext context, RequestDelegate next)
    {
        if (await sessions.FindAsync(context) is { } session)
        {
            context.User = PortalUser.Of(session.User);
        }

        await next(context);
    }

    /// <summary>Runs between finding the endpoint and running it.</summary>
    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            await PortalReply.NotFound().ExecuteAsync(context);
            return;
        }

        var least = endpoint.Metadata.GetMetadata<RequiredRole>() is { } required ? required.Least : UserRole.Reader;
        if (least is not null && !PortalUser.IsSignedIn(context.User))
        {
            await PortalReply.SeeOther(SignInPath(context)).ExecuteAsync(context);
            return;
        }

        if (IsChange(context.Request) && !await antiforgery.IsRequestValidAsync(context))
        {
            await PortalReply.Message(
                StatusCodes.Status400BadRequest,
                "This form is no longer valid",
                "It was opened before you signed in or out, or it is not one of this portal. Nothing was changed. Go back, load the page again and send the form from there.")
                .ExecuteAsync(context);
            return;
        }

        if (least is { } role && !PortalUser.May(context.User, role))
        {
            await PortalReply.Message(
                StatusCodes.Status403Forbidden, "Not allowed", $"This takes the role {role}; yours is {PortalUser.RoleOf(context.User)}. Nothing was changed.")
                .ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static bool IsChange(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    private static string SignInPath(HttpContext context)
    {
        var path = context.Request.Path + context.Request.QueryString;
        return HttpMethods.IsGet(context.Request.Method) && path != PortalNavigation.Overview
            ? $"{AccessPages.SignInPath}?return={Uri.EscapeDataString(path)}"
            : AccessPages.SignInPath;
    }
}
