using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Instances;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Http;

/// <summary>The signed report of a roll that ended, for programs and for people.</summary>
internal sealed class ProofEndpoints(ServiceCall call, ProofStore proofs)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rolls/{id}/proof", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => GetAsync(context, isPage: false)));
        routes.MapGet("/rolls/{id}/proof.html", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => GetAsync(context, isPage: true)));
    }

    private async Task GetAsync(HttpContext context, bool isPage)
    {
        if (await proofs.FindAsync(ServiceCall.Segment(context, "id"), context.RequestAborted) is not { } proof)
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
            return;
        }

        if (isPage)
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(proof.Html, context.RequestAborted);
            return;
        }

        await Reply.JsonAsync(context, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(proof.Json));
    }
}
