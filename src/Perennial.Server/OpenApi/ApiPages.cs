using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace Perennial.Server.OpenApi;

/// <summary>The document of the REST API and a page that shows it, on the HTTPS port. Neither holds a secret, and the page loads nothing from elsewhere.</summary>
internal static class ApiPages
{
    public const string DocumentPath = "/openapi.json";

    private const string PagePath = "/scalar";

    private const string Policy =
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

    private static readonly Lazy<byte[]> Document = new(() => Encoding.UTF8.GetBytes(BuildApiDocument.Run().ToJsonString()));

    public static void MapApiPages(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(PagePath, StringComparison.OrdinalIgnoreCase))
            {
                context.Response.Headers.ContentSecurityPolicy = Policy;
                context.Response.Headers.XContentTypeOptions = "nosniff";
            }

            return next(context);
        });
        app.MapGet(DocumentPath, (RequestDelegate)(context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            return context.Response.Body.WriteAsync(Document.Value, context.RequestAborted).AsTask();
        }));
        app.MapScalarApiReference(PagePath, options =>
        {
            options.Title = "Perennial";
            options.OpenApiRoutePattern = DocumentPath;
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.HideClientButton = true;
            options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            options.Agent = new ScalarAgentOptions { Disabled = true };
            options.Mcp = new ScalarMcpOptions { Disabled = true };
        });
    }
}
