using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Authority.Issuers;
using Perennial.Protocol.Provisioning;
using Perennial.Rolling.Impact;
using Perennial.Server.Instances;

namespace Perennial.Server.Http;

/// <summary>What the revocation of an issuer slot, which <c>perennial ca revoke</c> makes, would do to devices.</summary>
internal sealed class IssuerImpactEndpoint(ServiceCall call, IIssuerStore issuers, AnswerImpact impact)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/issuers/{slot}/impact", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => GetAsync(context)));

    private async Task GetAsync(HttpContext context)
    {
        if (await issuers.FindAsync(ServiceCall.Segment(context, "slot"), context.RequestAborted) is { } slot)
        {
            await impact.RunAsync(context, PlanChange.OfRevocation(slot.Id));
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }
}
