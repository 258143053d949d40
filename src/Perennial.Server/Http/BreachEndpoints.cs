using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Rolling.Breaches;
using Perennial.Server.Breach;
using Perennial.Server.Instances;

namespace Perennial.Server.Http;

/// <summary>Breaches: open one, follow the steps out of it, close it.</summary>
internal sealed class BreachEndpoints(ServiceCall call, IBreachStore breaches, FollowBreach follow, BreachSteps steps, AnswerImpact impact)
{
    private const string One = "/breaches/{id}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/breaches", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => ListAsync(context)));
        routes.MapPost("/breaches", call.Endpoint(ServiceRights.EnrollmentWrite, OpenAsync));
        routes.MapGet(One, call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => WithAsync(context, breach => ShowAsync(context, breach))));
        MapStep(routes, "block", BlockAsync);
        MapStep(routes, "roll", RollAsync);
        MapStep(routes, "takeOut", TakeOutAsync);
        MapStep(routes, "close", async (context, breach, actor, _) => await AnswerAsync(context, breach, await steps.CloseAsync(breach, actor, context.RequestAborted)));
    }

    private void MapStep(IEndpointRouteBuilder routes, string verb, Func<HttpContext, BreachCase, string, ReadOnlyMemory<byte>, Task> act) => routes.MapPost(
        $"{One}/{verb}",
        call.Endpoint(ServiceRights.EnrollmentWrite, (context, policy, body) => WithAsync(context, breach => act(context, breach, ServiceCall.Actor(policy), body))));

    private async Task ListAsync(HttpContext context)
    {
        if (!PageHeaders.TryRead(context, out var page) || await breaches.ListAsync(page, context.RequestAborted) is not { } found)
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("x-ms-max-item-count or x-ms-continuation cannot be read."));
            return;
        }

        PageHeaders.Write(context, "breach", page, found.Next);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. found.Items.Select(BreachDocuments.From)]));
    }

    private async Task OpenAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        if (!WireJson.TryParse<BreachRequestDocument>(body.Span, out var request, out var fault)
            || !BreachDocuments.TryRead(request, out var procedure, out var name, out var slot, out fault))
        {
            await RefuseAsync(context, fault);
            return;
        }

        var (opened, refused) = await follow.OpenAsync(procedure, name, slot, request.Reason, ServiceCall.Actor(policy), context.RequestAborted);
        await (opened is null ? RefuseAsync(context, refused!) : ShowAsync(context, opened));
    }

    private async Task BlockAsync(HttpContext context, BreachCase breach, string actor, ReadOnlyMemory<byte> body)
    {
        var (request, fault) = (new BreachBlockDocument(), (string?)null);
        if ((!body.IsEmpty && !WireJson.TryParse(body.Span, out request, out fault)) || !BreachDocuments.TryRead(breach, request, out var drain, out fault))
        {
            await RefuseAsync(context, fault);
        }
        else if (AnswerImpact.IsAsked(context))
        {
            var (change, refused) = await steps.PlanBlockAsync(breach, drain, actor, context.RequestAborted);
            await (change is null ? RefuseAsync(context, refused!) : impact.RunAsync(context, change));
        }
        else
        {
            await AnswerAsync(context, breach, (await steps.BlockAsync(breach, drain, actor, context.RequestAborted)).Fault);
        }
    }

    private async Task RollAsync(HttpContext context, BreachCase breach, string actor, ReadOnlyMemory<byte> body)
    {
        var (request, fault) = (new BreachRollDocument(), (string?)null);
        if ((!body.IsEmpty && !WireJson.TryParse(body.Span, out request, out fault)) || !RollDocuments.TryRead(request.Plan, out var plan, out fault))
        {
            await RefuseAsync(context, fault);
            return;
        }

        var standing = await follow.LookAsync(breach, context.RequestAborted);
        await AnswerAsync(context, breach, await steps.RollAsync(standing, plan, actor, context.RequestAborted));
    }

    private async Task TakeOutAsync(HttpContext context, BreachCase breach, string actor, ReadOnlyMemory<byte> body)
    {
        var standing = await follow.LookAsync(breach, context.RequestAborted);
        if (AnswerImpact.IsAsked(context))
        {
            var (change, refused) = await steps.PlanRemovalAsync(standing, context.RequestAborted);
            await (change is null ? RefuseAsync(context, refused!) : impact.RunAsync(context, change));
        }
        else
        {
            await AnswerAsync(context, breach, await steps.TakeOutAsync(standing, actor, context.RequestAborted));
        }
    }

    private async Task WithAsync(HttpContext context, Func<BreachCase, Task> act) =>
        await (await breaches.FindAsync(ServiceCall.Segment(context, "id"), context.RequestAborted) is { } breach
            ? act(breach)
            : call.ErrorAsync(context, ProvisioningError.NotFound));

    private async Task AnswerAsync(HttpContext context, BreachCase breach, string? fault) =>
        await (fault is not null ? RefuseAsync(context, fault) : ShowAsync(context, await breaches.FindAsync(breach.Id, context.RequestAborted) ?? breach));

    private async Task ShowAsync(HttpContext context, BreachCase breach)
    {
        var standing = await follow.LookAsync(breach, context.RequestAborted);
        var roll = await steps.FindRollAsync(breach, context.RequestAborted);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(BreachDocuments.From(standing, roll?.Id)));
    }

    private Task RefuseAsync(HttpContext context, string fault) => call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
}
