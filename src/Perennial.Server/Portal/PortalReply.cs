using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal;

/// <summary>What pages answer with.</summary>
internal static class PortalReply
{
    /// <summary>A page: the component with its parameter <c>Model</c>.</summary>
    public static IResult Page<TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent =>
        new RazorComponentResult<TPage>(new Dictionary<string, object?> { ["Model"] = model }) { StatusCode = status };

    /// <summary>A page that says one thing.</summary>
    public static IResult Message(int status, string title, string text) =>
        new RazorComponentResult<MessagePage>(new Dictionary<string, object?> { [nameof(MessagePage.Title)] = title, [nameof(MessagePage.Text)] = text })
        {
            StatusCode = status,
        };

    public static IResult NotFound(string text = "There is no such page, or what it showed is gone.") =>
        Message(StatusCodes.Status404NotFound, "Not found", text);

    /// <summary>After a form: the browser goes on to another page with GET, so that loading it again does nothing twice.</summary>
    /// <param name="path">A path of the portal.</param>
    public static IResult SeeOther(string path) => new SeeOtherResult(path);

    /// <summary>The path when it stays within the portal; else the overview.</summary>
    public static string Local(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal)
        && !path.Any(char.IsControl)
            ? path
            : PortalNavigation.Overview;

    private sealed class SeeOtherResult(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}
