using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Perennial.Authority.Authorities;
using Perennial.Server.Connections;
using Perennial.Server.Instances;
using Perennial.Server.Storage;

namespace Perennial.Server.Portal;

/// <summary>The portal's port: an overview without secrets, the trust bundle to fetch, and the health of the process.</summary>
internal sealed class PortalPages(
    Instance instance, ServerCertificate certificate, Func<CancellationToken, Task<bool>> isReady, FindSelfMadeRoots selfMadeRoots)
{
    /// <summary>Takes every request that came in by the portal's port.</summary>
    public void Use(WebApplication app) => app.Use((context, next) =>
        context.Connection.LocalPort == instance.Document.Ports.Portal ? AnswerAsync(context) : next(context));

    private Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return context.Request.Path.Value switch
        {
            "/" => WriteOverviewAsync(context),
            "/trust-bundle.pem" => WriteAsync(context, StatusCodes.Status200OK, "application/x-pem-file", File.ReadAllText(instance.TrustBundle)),
            "/healthz/live" => WriteAsync(context, StatusCodes.Status200OK, "text/plain", "live\n"),
            "/healthz/ready" => WriteReadyAsync(context),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, "text/plain", "There is no such page; the overview is at /.\n"),
        };
    }

    private async Task WriteReadyAsync(HttpContext context) => await (await isReady(context.RequestAborted)
        ? WriteAsync(context, StatusCodes.Status200OK, "text/plain", "ready\n")
        : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "text/plain", "not ready\n"));

    private static Task WriteAsync(HttpContext context, int status, string contentType, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text, context.RequestAborted);
    }

    // The overview is for the time of an incident too: what the database does not tell is left out.
    private async Task WriteOverviewAsync(HttpContext context)
    {
        IReadOnlyList<string> issuers;
        try
        {
            issuers = await selfMadeRoots.RunAsync(context.RequestAborted);
        }
        catch (StorageUnavailableException)
        {
            issuers = [];
        }

        await WriteAsync(context, StatusCodes.Status200OK, "text/html; charset=utf-8", Overview(issuers));
    }

    private string Overview(IReadOnlyList<string> testingIssuers)
    {
        var document = instance.Document;
        var rows = new StringBuilder();
        Row("Id scope", document.IdScope);
        Row("Provisioning host", document.Host);
        Row("Ports", $"MQTT {document.Ports.Mqtt}, AMQP {document.Ports.Amqp}, HTTPS {document.Ports.Https}");
        foreach (var hub in document.Hubs)
        {
            Row($"Hub {hub.Name}", hub.FollowEnrollment ? hub.HostName : $"{hub.HostName} (azure mode)");
        }

        Row("Root, SHA-256", certificate.AnchorThumbprint.ToString());
        foreach (var issuer in testingIssuers)
        {
            Row($"Issuer {issuer}", "its root was made on this server, and is for testing");
        }

        return $$"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Perennial</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
            th{text-align:left;padding-right:2rem;font-weight:600;vertical-align:top}td{overflow-wrap:anywhere;font-family:ui-monospace,monospace}</style></head>
            <body><h1>Perennial</h1><table>
            {{rows}}</table>
            <p><a href="/trust-bundle.pem">Trust bundle (PEM)</a>: give it to every client, so that it trusts this server.</p></body>
            </html>
            """;

        void Row(string name, string value) =>
            rows.Append("<tr><th>").Append(WebUtility.HtmlEncode(name)).Append("</th><td>").Append(WebUtility.HtmlEncode(value)).Append("</td></tr>\n");
    }
}
