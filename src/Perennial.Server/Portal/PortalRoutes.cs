using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Server.Users;

namespace Perennial.Server.Portal;

/// <summary>How pages and forms are put at their paths, with who may use them.</summary>
internal static class PortalRoutes
{
    /// <param name="routes">The portal's.</param>
    /// <param name="path">Its path, with route values in braces.</param>
    /// <param name="show">Loads and answers.</param>
    /// <param name="least">Who may see it; null for everybody.</param>
    public static void Page(this IEndpointRouteBuilder routes, string path, Func<HttpContext, Task<IResult>> show, UserRole? least = UserRole.Reader) =>
        routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], Answer(show)).WithMetadata(new RequiredRole(least));

    /// <param name="routes">The portal's.</param>
    /// <param name="path">Its path, with route values in braces.</param>
    /// <param name="act">Does what the form asks for, and answers.</param>
    /// <param name="least">Who may send it; null for everybody.</param>
    public static void Form(this IEndpointRouteBuilder routes, string path, Func<HttpContext, Task<IResult>> act, UserRole? least) =>
        routes.MapPost(path, Answer(act)).WithMetadata(new RequiredRole(least));

    private static RequestDelegate Answer(Func<HttpContext, Task<IResult>> answer) =>
        async context => await (await answer(context)).ExecuteAsync(context);
}
