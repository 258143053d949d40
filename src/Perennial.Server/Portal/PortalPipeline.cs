using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perennial.Server.Logging;
using Perennial.Server.Portal.Access;
using Perennial.Server.Portal.Assets;
using Perennial.Server.Storage;

namespace Perennial.Server.Portal;

/// <summary>Everything that comes in by the portal's port. It has its own endpoints: those of devices and services are not among them, nor the reverse.</summary>
internal sealed partial class PortalPipeline(
    int port, PlainPages plain, SessionCookie sessions, ProviderSignIn? provider, IReadOnlyList<IPortalPages> pages, ILogger<PortalPipeline> logger)
{
    private const long MostBody = 2 * 1024 * 1024;

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Adds the portal to a server.</summary>
    public void Use(WebApplication app)
    {
        var portal = new ApplicationBuilder(app.Services);
        var guard = new PortalGuard(sessions, app.Services.GetRequiredService<IAntiforgery>());
        portal.Use(AnswerFailureAsync);
        portal.Use(AnswerPlain);
        portal.Use(guard.IdentifyAsync);
        portal.Use(AnswerProviderAsync);
        portal.UseRouting();
        portal.Use(guard.CheckAsync);
        portal.UseEndpoints(routes =>
        {
            foreach (var each in pages)
            {
                each.Map(routes);
            }
        });
        var answer = portal.Build();
        app.Use((context, next) =>
        {
            if (context.Connection.LocalPort != port)
            {
                return next(context);
            }

            // Two files and a form, and a file that is too large by so much that it need not be read to be told.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            {
                body.MaxRequestBodySize = MostBody;
            }

            context.SetEndpoint(null);
            context.Request.RouteValues.Clear();
            return answer(context);
        });
    }

    private Task AnswerPlain(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return plain.TryAnswer(context) ?? PortalAssets.TryAnswer(context) ?? next(context);
    }

    private async Task AnswerProviderAsync(HttpContext context, RequestDelegate next)
    {
        if (provider is not null && await provider.TryAnswerAsync(context) is { } answer)
        {
            await answer.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private async Task AnswerFailureAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (StorageUnavailableException) when (!context.Response.HasStarted)
        {
            await PortalReply.Message(
                StatusCodes.Status503ServiceUnavailable,
                "The database does not answer",
                "Devices that are connected stay connected. This page works again when the database does; nothing was changed by this request.")
                .ExecuteAsync(context);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await PortalReply.Message(
                exception.StatusCode,
                exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? "Too large" : "Not understood",
                "The request is larger than a form of this portal, or not one. Nothing was changed.").ExecuteAsync(context);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !context.Response.HasStarted)
        {
            LogFailed(exception);
            await PortalReply.Message(
                StatusCodes.Status500InternalServerError, "Something failed here", "The server's log says what. Nothing is known to have been changed.")
                .ExecuteAsync(context);
        }
    }

    [LoggerMessage(LogIds.PortalFailed, LogLevel.Error, "A request of the portal failed here")]
    private partial void LogFailed(Exception exception);
}
