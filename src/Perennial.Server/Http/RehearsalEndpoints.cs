using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Server.Instances;
using Perennial.Server.Rehearsals;

namespace Perennial.Server.Http;

/// <summary>Rehearsals of planned rolls: begin, watch, stop, read.</summary>
internal sealed class RehearsalEndpoints(ServiceCall call, IRehearsalStore rehearsals, RunRehearsals run)
{
    private const string One = "/rolls/{id}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost($"{One}/rehearse", call.Endpoint(ServiceRights.EnrollmentWrite, BeginAsync));
        routes.MapGet($"{One}/rehearsal", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => ShowAsync(context, StatusCodes.Status200OK)));
        routes.MapDelete($"{One}/rehearsal", call.Endpoint(ServiceRights.EnrollmentWrite, (context, _, _) => StopAsync(context)));
        routes.MapGet($"{One}/rehearsal/lost", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => ListLostAsync(context)));
    }

    private async Task BeginAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        var (request, fault) = (new RehearseRequestDocument(), (string?)null);
        if (!body.IsEmpty && !WireJson.TryParse(body.Span, out request, out fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        var terms = RehearsalDocuments.ToTerms(request);
        var outcome = terms.FindFault() is { } wrong
            ? new RollOutcome.Invalid(wrong)
            : await run.StartAsync(Id(context), terms, ServiceCall.Actor(policy), context.RequestAborted);
        await (outcome switch
        {
            RollOutcome.Done => ShowAsync(context, StatusCodes.Status202Accepted),
            RollOutcome.Invalid invalid => call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(invalid.Sentence)),
            _ => call.ErrorAsync(context, ProvisioningError.NotFound),
        });
    }

    private async Task ShowAsync(HttpContext context, int status)
    {
        if (await rehearsals.FindAsync(Id(context), context.RequestAborted) is { } rehearsal)
        {
            await Reply.JsonAsync(context, status, WireJson.ToUtf8(RehearsalDocuments.From(rehearsal)));
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }

    private async Task StopAsync(HttpContext context) =>
        await (await run.StopAsync(Id(context), context.RequestAborted)
            ? Reply.NoContentAsync(context)
            : call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("No rehearsal of the roll runs.")));

    private async Task ListLostAsync(HttpContext context)
    {
        if (!PageHeaders.TryRead(context, out var page))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("x-ms-max-item-count or x-ms-continuation cannot be read."));
            return;
        }

        var found = await rehearsals.ListLostAsync(Id(context), page, context.RequestAborted);
        PageHeaders.Write(context, "lostDevice", page, found.Next);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. found.Items.Select(RehearsalDocuments.From)]));
    }

    private static string Id(HttpContext context) => ServiceCall.Segment(context, "id");
}
