using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;
using Perennial.Server.Audit;
using Perennial.Server.Breach;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Breach;

/// <summary>The steps out of one breach. Each is done by a form, and whether it is done is looked at anew: it outlives restarts and other ways of doing it.</summary>
internal sealed class BreachPages(
    IBreachStore breaches,
    FollowBreach follow,
    BlockCredential block,
    SaveEnrollment save,
    CreateRoll create,
    IRollStore rolls,
    ShowImpact impact,
    IAuditNotes notes,
    bool hasHubsOfTheirOwn,
    TimeProvider time) : IPortalPages
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
        if (model.Blocking is { } losing && LossForm.FaultOf(form, losing) is { } missing)
        {
            return (null, missing);
        }

        DrainTerms? drain = null;
        if (form["mode"] == "drain")
        {
            _ = int.TryParse(form["rate"], NumberStyles.None, CultureInfo.InvariantCulture, out var rate);
            drain = new DrainTerms { RatePerMinute = rate, Order = form["order"] == "longestValid" ? DrainOrder.LongestValid : DrainOrder.LastSeen };
        }

        var (read, _, fault) = await block.ReadAsync(WishOf(model.Breach, drain), actor, cancellationToken);
        if (read is null)
        {
            return (null, fault);
        }

        await block.SaveAsync(read, cancellationToken);
        await NoteAsync(form, model.Blocking, read.Describe(), actor, cancellationToken);
        return ("blocked", null);
    }

    private async Task<(string? Done, string? Fault)> RollAsync(BreachModel model, IFormCollection form, string actor, CancellationToken cancellationToken)
    {
        var breach = model.Breach;
        if (model.Standing.OldSlot is not { } slot || !model.Standing.IsReplaced)
        {
            return (null, "A roll needs the old certificate in one slot and the new one in the other. Bring the new one first.");
        }

        var outcome = breach.Enrollment.Kind == EnrollmentKind.Group
            ? await create.OfGroupAsync(RollOf(breach), breach.Enrollment, slot, RollReason.Breach, new RollPlan(), actor, cancellationToken)
            : await create.OfLeavesAsync(
                RollOf(breach), RegistrationId.TryParse(breach.Enrollment.Id, out var id) ? [id] : [], slot, RollReason.Breach, new RollPlan(), actor, cancellationToken);
        return outcome switch
        {
            RollOutcome.Done => ("roll", null),
            RollOutcome.Invalid invalid => (null, invalid.Sentence),
            _ => (null, "There is a roll for this breach already."),
        };
    }

    private async Task<(string? Done, string? Fault)> RemoveAsync(BreachModel model, IFormCollection form, string actor, CancellationToken cancellationToken)
    {
        if (model.Standing is not { OldSlot: { } slot, Enrollment: { } enrollment } || model.Removing is not { } losing)
        {
            return (null, "The compromised certificate is not in the enrollment, or alone in it: bring the new one first, or disable the enrollment.");
        }

        if (LossForm.FaultOf(form, losing) is { } missing)
        {
            return (null, missing);
        }

        switch (await save.RunAsync(EnrollmentDraft.Without(enrollment, slot), enrollment.ETag, actor, cancellationToken))
        {
            case SaveOutcome.Saved:
                await NoteAsync(form, losing, enrollment.Key.ToString(), actor, cancellationToken);
                return ("removed", null);
            case SaveOutcome.Invalid invalid:
                return (null, invalid.Sentence);
            default:
                return (null, "The enrollment was changed by someone else meanwhile. Nothing was saved; this is how it is now.");
        }
    }

    private async Task<(string? Done, string? Fault)> CloseAsync(BreachModel model, IFormCollection form, string actor, CancellationToken cancellationToken) =>
        await breaches.TryCloseAsync(model.Breach.Id, actor, time.GetUtcNow(), cancellationToken) ? ("closed", null) : (null, "It is closed already.");

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
        return new BreachModel
        {
            Breach = breach,
            Standing = standing,
            Blocking = isOpen && standing.Block is null ? await PreviewBlockAsync(breach, stop) : null,
            Removing = isOpen && standing is { OldSlot: { } slot, IsReplaced: true, Enrollment: { } held } ? await PreviewRemovalAsync(held, slot, stop) : null,
            Roll = await rolls.FindAsync(RollOf(breach), stop) is { } roll ? roll.Id : null,
            Now = time.GetUtcNow(),
            HasHubsOfTheirOwn = hasHubsOfTheirOwn,
            MayChange = PortalUser.May(context.User, UserRole.Operator),
            Done = DoneOf(context.Request.Query["done"]),
        };
    }

    // Cut, since a drain touches the same devices.
    private async Task<ImpactModel?> PreviewBlockAsync(BreachCase breach, CancellationToken cancellationToken)
    {
        var (read, device, _) = await block.ReadAsync(WishOf(breach, drain: null), breach.Actor, cancellationToken);
        return read is null ? null : await impact.RunAsync(PlanChange.OfBlock(read, device), cancellationToken);
    }

    private async Task<ImpactModel?> PreviewRemovalAsync(Enrollment enrollment, Slot slot, CancellationToken cancellationToken) =>
        await save.PlanAsync(EnrollmentDraft.Without(enrollment, slot), enrollment.ETag, cancellationToken) is SaveOutcome.Saved { Enrollment: var planned }
            ? await impact.RunAsync(PlanChange.OfSave(planned), cancellationToken)
            : null;

    private static BlockWish WishOf(BreachCase breach, DrainTerms? drain) => new(
        breach.BlockKind, breach.Compromised.Thumbprint.ToString(), breach.Reason, drain, X509.Pem.Write(breach.Compromised));

    private static string RollOf(BreachCase breach) => $"breach-{breach.Id}";

    private static IResult Show(BreachModel model) =>
        PortalReply.Page<BreachPage>(model, model.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private static string? DoneOf(string? word) => word switch
    {
        "blocked" => "It is blocked. Live connections by it end within two seconds.",
        "roll" => "The roll is planned, with the reason breach. Start it on its page.",
        "removed" => "The compromised certificate is out of the enrollment.",
        "closed" => "The breach is closed. The block stands until it is taken away.",
        _ => null,
    };
}
