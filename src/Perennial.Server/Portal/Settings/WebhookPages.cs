using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Server.Audit;
using Perennial.Server.Notices;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Settings;

/// <summary>Webhooks: whom to tell of what, their keys, and what became of each notice.</summary>
internal sealed class WebhookPages(IWebhookStore store, SaveWebhook save, IAuditNotes audit, TimeProvider time) : IPortalPages
{
    public const string Path = PortalNavigation.Settings + "/webhooks";

    private const string Pattern = Path + "/{name}";
    private const int Shown = 50;

    public static string PathOf(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(Path, context => ListAsync(context));
        routes.Form(Path, AddAsync, UserRole.Administrator);
        routes.Page(Pattern, context => ShowAsync(context));
        routes.Page(Pattern + "/live", async context => await FindAsync(context) is { } model ? PortalReply.Page<HookDeliveries>(model) : NotFound());
        routes.Form(Pattern, SaveAsync, UserRole.Administrator);
        routes.Form(Pattern + "/keys", ShowKeysAsync, UserRole.Administrator);
        routes.Form(Pattern + "/roll", RollAsync, UserRole.Administrator);
        routes.Form(Pattern + "/test", TestAsync, UserRole.Administrator);
        routes.Form(Pattern + "/delete", DeleteAsync, UserRole.Administrator);
    }

    private async Task<IResult> ListAsync(HttpContext context, HookLine? draft = null, string? fault = null) => PortalReply.Page<HooksPage>(
        new HooksModel
        {
            Hooks = [.. (await store.ListAsync(context.RequestAborted)).Select(LineOf)],
            Kinds = NoticeNames.Wanted,
            Draft = draft,
            MayChange = PortalUser.May(context.User, UserRole.Administrator),
            Done = context.Request.Query["done"] == "deleted" ? "The webhook was deleted; what waited for it is given up." : null,
            Fault = fault,
        },
        fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private async Task<IResult> ShowAsync(HttpContext context, KeysModel? keys = null, string? fault = null) => await FindAsync(context) is { } model
        ? PortalReply.Page<HookPage>(model with { Keys = keys, Fault = fault }, fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity)
        : NotFound();

    private async Task<HookModel?> FindAsync(HttpContext context)
    {
        if (await store.FindAsync(Name(context), context.RequestAborted) is not { } webhook)
        {
            return null;
        }

        var deliveries = await store.DeliveriesAsync(webhook.Name, Shown, context.RequestAborted);
        return new HookModel
        {
            Hook = LineOf(webhook),
            Kinds = NoticeNames.Wanted,
            Deliveries =
            [
                .. deliveries.Select(each => new HookDelivery(NoticeNames.Of(each.Notice.Kind), each.State.ToString(), each.Tries, each.Due, each.Fault)),
            ],
            Now = time.GetUtcNow(),
            MayChange = PortalUser.May(context.User, UserRole.Administrator),
            Done = context.Request.Query["done"].ToString() switch
            {
                "saved" => "The webhook was saved.",
                "rolled" => "The secondary key became the primary one, and a new secondary one was made.",
                "tested" => "A test notice was made; see below how it arrives.",
                _ => null,
            },
        };
    }

    private async Task<IResult> AddAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var draft = DraftOf(form["name"].ToString().Trim(), form);
        var line = new HookLine(draft.Name, draft.Url, draft.Kinds, draft.IsEnabled, string.Empty);
        if (await store.FindAsync(draft.Name, context.RequestAborted) is not null)
        {
            return await ListAsync(context, line, $"There is a webhook {draft.Name} already; change it on its page.");
        }

        return await save.RunAsync(draft, etag: null, PortalUser.ActorOf(context.User), context.RequestAborted) is var outcome && FaultOf(outcome) is { } fault
            ? await ListAsync(context, line, fault)
            : PortalReply.SeeOther($"{PathOf(draft.Name)}?done=saved");
    }

    private async Task<IResult> SaveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var outcome = await save.RunAsync(DraftOf(Name(context), form), form["etag"], PortalUser.ActorOf(context.User), context.RequestAborted);
        return await AnswerAsync(context, outcome, "saved");
    }

    private async Task<IResult> ShowKeysAsync(HttpContext context)
    {
        if (await store.FindAsync(Name(context), context.RequestAborted) is not { } webhook)
        {
            return NotFound();
        }

        await audit.NoteAsync(PortalUser.ActorOf(context.User), "webhook.show-keys", $"webhook '{webhook.Name}'", context.RequestAborted);
        return await ShowAsync(context, new KeysModel(
            $"Keys of the webhook {webhook.Name}.",
            [("Primary key", WebhookSignature.Text(webhook.PrimaryKey)), ("Secondary key", WebhookSignature.Text(webhook.SecondaryKey))]));
    }

    private async Task<IResult> RollAsync(HttpContext context) =>
        await AnswerAsync(context, await save.RollKeysAsync(Name(context), PortalUser.ActorOf(context.User), context.RequestAborted), "rolled");

    private async Task<IResult> TestAsync(HttpContext context)
    {
        if (await store.FindAsync(Name(context), context.RequestAborted) is not { } webhook)
        {
            return NotFound();
        }

        await audit.NoteAsync(PortalUser.ActorOf(context.User), "webhook.test", $"webhook '{webhook.Name}'", context.RequestAborted);
        var about = new JsonObject { ["webhook"] = webhook.Name };
        var notice = Notices.Notice.Create(NoticeKind.Test, $"test of {webhook.Name} {Guid.NewGuid():N}", time.GetUtcNow(), about);
        await store.RaiseAsync(notice, webhook.Name, context.RequestAborted);
        return PortalReply.SeeOther($"{PathOf(webhook.Name)}?done=tested");
    }

    private async Task<IResult> DeleteAsync(HttpContext context) => await store.DeleteAsync(Name(context), PortalUser.ActorOf(context.User), context.RequestAborted)
        ? PortalReply.SeeOther($"{Path}?done=deleted")
        : NotFound();

    private async Task<IResult> AnswerAsync(HttpContext context, WebhookOutcome outcome, string done) => FaultOf(outcome) is { } fault
        ? await ShowAsync(context, fault: fault)
        : PortalReply.SeeOther($"{PathOf(Name(context))}?done={done}");

    private static string? FaultOf(WebhookOutcome outcome) => outcome switch
    {
        WebhookOutcome.Saved => null,
        WebhookOutcome.Invalid invalid => invalid.Sentence,
        WebhookOutcome.NotFound => "It is gone.",
        _ => "It was changed meanwhile. Nothing was changed by this form; look at it as it is now.",
    };

    private static WebhookDraft DraftOf(string name, IFormCollection form) =>
        new(name, form["url"].ToString().Trim(), [.. form["kind"].OfType<string>()], form["enabled"] == "yes");

    private static HookLine LineOf(Webhook webhook) =>
        new(webhook.Name, webhook.Url.OriginalString, NoticeNames.OfAll(webhook.Kinds), webhook.IsEnabled, webhook.ETag);

    private static IResult NotFound() => PortalReply.NotFound("There is no webhook of this name.");

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;
}
