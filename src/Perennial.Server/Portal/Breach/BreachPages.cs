using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning.Blocks;
using Perennial.Rolling.Breaches;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;
using Perennial.Server.Audit;
using Perennial.Server.Breach;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Breach;

/// <summary>The steps out of one breach. Each is done by a form, and whether it is done is looked at anew: it outlives restarts and other ways of doing it.</summary>
internal sealed class BreachPages(
    IBreachStore breaches, FollowBreach follow, BreachSteps steps, CaUseStore cas, ShowImpact impact, IAuditNotes notes, bool hasHubsOfTheirOwn, TimeProvider time)
    : IPortalPages
{
    private const string Gone = "There is no such breach.";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(BreachPaths.Pattern, async context => await ModelAsync(context) is { } model ? Show(model) : PortalReply.NotFound(Gone));
        routes.Form(BreachPaths.Pattern + "/block", context => ActAsync(context, BlockAsync), UserRole.Operator);
        routes.Form(BreachPaths.Pattern + "/roll", context => ActAsync(context, RollAsync), UserRole.Operator);
        routes.Form(BreachPaths.Pattern + "/remove", context => ActAsync(context, RemoveAsync), UserRole.Operator);
        routes.Form(BreachPaths.Pattern + "/close", context => ActAsync(context, CloseAsync), UserRole.Operator);
    }

    /// <returns>The word that says what was done, or what is in the way.</returns>
    private async Task<IResult> ActAsync(
        HttpContext context, Func<BreachModel, IFormCollection, string, CancellationToken, Task<(string? Done, string? Fault)>> act)
    {
        if (await ModelAsync(context) is not { } model)
        {
            return PortalReply.NotFound(Gone);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (done, fault) = await act(model, form, PortalUser.ActorOf(context.User), context.RequestAborted);
        return fault is null ? PortalReply.SeeOther($"{model.Path}?done={done}") : Show(model with { Fault = fault, Done = null });
    }

    private async Task<(string? Done, string? Fault)> BlockAsync(BreachModel model, IFormCollection form, string actor, CancellationToken cancellationToken)
    {
        // Other terms of a drain take access from nobody.
        var drain = form["mode"] == "drain" ? TermsOf(form, model.Standing.Block?.Drain) : null;
        var losing = model.IsDrained && drain is not null ? null : model.Blocking;
        if (losing is not null && LossForm.FaultOf(form, losing) is { } missing)
        {
            return (null, missing);
        }

        var (blocked, fault) = await steps.BlockAsync(model.Breach, drain, actor, cancellationToken);
        if (blocked is null)
        {
            return (null, fault);
        }

        await NoteAsync(form, losing, blocked.Describe(), actor, cancellationToken);
        return (blocked.IsCut ? "blocked" : "drained", null);
    }

    // What the form has no fields for stays as it stands.
    private static DrainTerms TermsOf(IFormCollection form, DrainTerms? standing)
    {
        _ = int.TryParse(form["rate"], NumberStyles.None, CultureInfo.InvariantCulture, out var rate);
        var order = form["order"] == "longestValid" ? DrainOrder.LongestValid : DrainOrder.LastSeen;
        return (standing ?? new DrainTerms()) with { RatePerMinute = rate, Order = order };
    }

    private async Task<(string? Done, string? Fault)> RollAsync(BreachModel model, IFormCollection form, string actor, CancellationToken cancellationToken) =>
        ("roll", await steps.RollAsync(model.Standing, new RollPlan(), actor, cancellationToken));

    private async Task<(string? Done, string? Fault)> RemoveAsync(BreachModel model, IFormCollection form, string actor, CancellationToken cancellationToken)
    {
        if (model.Removing is { } losing && LossForm.FaultOf(form, losing) is { } missing)
        {
            return (null, missing);
        }

        if (await steps.TakeOutAsync(model.Standing, actor, cancellationToken) is { } fault)
        {
            return (null, fault);
        }

        await NoteAsync(form, model.Removing, model.Breach.Enrollment.ToString(), actor, cancellationToken);
        return ("removed", null);
    }

    private async Task<(string? Done, string? Fault)> CloseAsync(BreachModel model, IFormCollection form, string actor, CancellationToken cancellationToken) =>
        ("closed", await steps.CloseAsync(model.Breach, actor, cancellationToken));

    private async Task NoteAsync(IFormCollection form, ImpactModel? losing, string subject, string actor, CancellationToken cancellationToken)
    {
        if (losing is not null && LossForm.NoteOf(form, losing, subject) is { } note)
        {
            await notes.NoteAsync(actor, "impact.accept", note, cancellationToken);
        }
    }

    private async Task<BreachModel?> ModelAsync(HttpContext context)
    {
        var stop = context.RequestAborted;
        if (await breaches.FindAsync((string)context.Request.RouteValues["id"]!, stop) is not { } breach)
        {
            return null;
        }

        var standing = await follow.LookAsync(breach, stop);
        var isOpen = breach.Closed is null;

        // Cut, since a drain of what is not blocked touches the same devices.
        return new BreachModel
        {
            Standing = standing,
            Blocking = isOpen && standing.Block is not { IsCut: true } ? await PreviewAsync(await steps.PlanBlockAsync(breach, drain: null, breach.Actor, stop), stop) : null,
            Removing = isOpen && standing is { OldSlot: not null, IsReplaced: true } ? await PreviewAsync(await steps.PlanRemovalAsync(standing, stop), stop) : null,
            Roll = (await steps.FindRollAsync(breach, stop))?.Id,
            Uploaded = breach.IsOfIssuer ? await cas.FindNamesAsync(breach.Compromised, stop) : [],
            Now = time.GetUtcNow(),
            HasHubsOfTheirOwn = hasHubsOfTheirOwn,
            MayChange = PortalUser.May(context.User, UserRole.Operator),
            Done = DoneOf(context.Request.Query["done"]),
        };
    }

    private async Task<ImpactModel?> PreviewAsync((TrustChange? Change, string? Fault) plan, CancellationToken cancellationToken) =>
        plan.Change is null ? null : await impact.RunAsync(plan.Change, cancellationToken);

    private static IResult Show(BreachModel model) =>
        PortalReply.Page<BreachPage>(model, model.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private static string? DoneOf(string? word) => word switch
    {
        "blocked" => "It is blocked. Live connections by it end within two seconds.",
        "drained" => "It is drained. Live connections by it end within two seconds.",
        "roll" => "The roll is planned, with the reason breach. Start it on its page.",
        "removed" => "The compromised certificate is out of the enrollment.",
        "closed" => "The breach is closed. The block stands until it is taken away.",
        _ => null,
    };
}
