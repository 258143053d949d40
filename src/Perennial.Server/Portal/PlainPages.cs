using Microsoft.AspNetCore.Http;
using Perennial.Server.Instances;

namespace Perennial.Server.Portal;

/// <summary>What the portal's port says to everybody: the health of the process, and the trust bundle to fetch.</summary>
internal sealed class PlainPages(Instance instance, Func<CancellationToken, Task<bool>> isReady)
{
    /// <summary>Answers, or returns null when the request is for something else.</summary>
    public Task? TryAnswer(HttpContext context) => context.Request.Path.Value switch
    {
        "/trust-bundle.pem" => WriteAsync(context, StatusCodes.Status200OK, "application/x-pem-file", File.ReadAllText(instance.TrustBundle)),
        "/healthz/live" => WriteAsync(context, StatusCodes.Status200OK, "text/plain", "live\n"),
        "/healthz/ready" => WriteReadyAsync(context),
        _ => null,
    };

    private async Task WriteReadyAsync(HttpContext context) => await (await isReady(context.RequestAborted)
        ? WriteAsync(context, StatusCodes.Status200OK, "text/plain", "ready\n")
        : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "text/plain", "not ready\n"));

    private static Task WriteAsync(HttpContext context, int status, string contentType, string text)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text, context.RequestAborted);
    }
}
