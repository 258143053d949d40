using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Instances;
using Perennial.Server.Notices;

namespace Perennial.Server.Http;

/// <summary>The webhooks that are told of news: their terms, their keys, and what became of each notice.</summary>
internal sealed class WebhookEndpoints(ServiceCall call, IWebhookStore store, SaveWebhook save, TimeProvider time)
{
    private const int Shown = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        const string One = "/webhooks/{name}";
        const ServiceRights Needed = ServiceRights.ServiceConfig;
        routes.MapGet("/webhooks", call.Endpoint(Needed, (context, _, _) => ListAsync(context)));
        routes.MapGet(One, call.Endpoint(Needed, (context, _, _) => ShowAsync(context, withKeys: false)));
        routes.MapPut(One, call.Endpoint(Needed, PutAsync));
        routes.MapDelete(One, call.Endpoint(Needed, (context, policy, _) => DeleteAsync(context, policy)));
        routes.MapPost($"{One}/keys", call.Endpoint(Needed, (context, _, _) => ShowAsync(context, withKeys: true)));
        routes.MapPost($"{One}/rollKeys", call.Endpoint(Needed, (context, policy, _) => RollAsync(context, policy)));
        routes.MapPost($"{One}/test", call.Endpoint(Needed, (context, _, _) => TestAsync(context)));
        routes.MapGet($"{One}/deliveries", call.Endpoint(Needed, (context, _, _) => DeliveriesAsync(context)));
    }

    private async Task ListAsync(HttpContext context)
    {
        var webhooks = await store.ListAsync(context.RequestAborted);
        await JsonAsync(context, [.. webhooks.Select(webhook => WebhookLine.From(webhook, withKeys: false))], NoticeJson.Default.WebhookLineArray);
    }

    private async Task ShowAsync(HttpContext context, bool withKeys)
    {
        if (await store.FindAsync(Name(context), context.RequestAborted) is { } webhook)
        {
            await JsonAsync(context, WebhookLine.From(webhook, withKeys), NoticeJson.Default.WebhookLine);
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }

    private async Task PutAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        if (!TryRead(body.Span, out var form, out var fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        var draft = new WebhookDraft(Name(context), form.Url ?? "", form.Kinds ?? [], form.Enabled ?? true);
        await AnswerAsync(context, await save.RunAsync(draft, ServiceCall.IfMatch(context), ServiceCall.Actor(policy), context.RequestAborted), withKeys: false);
    }

    private async Task DeleteAsync(HttpContext context, ServicePolicy policy) =>
        await (await store.DeleteAsync(Name(context), ServiceCall.Actor(policy), context.RequestAborted)
            ? Reply.NoContentAsync(context)
            : call.ErrorAsync(context, ProvisioningError.NotFound));

    private async Task RollAsync(HttpContext context, ServicePolicy policy) =>
        await AnswerAsync(context, await save.RollKeysAsync(Name(context), ServiceCall.Actor(policy), context.RequestAborted), withKeys: true);

    private async Task TestAsync(HttpContext context)
    {
        if (await store.FindAsync(Name(context), context.RequestAborted) is not { } webhook)
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
            return;
        }

        var now = time.GetUtcNow();
        await store.RaiseAsync(
            Notice.Create(NoticeKind.Test, $"test of {webhook.Name} {Guid.NewGuid():N}", now, new JsonObject { ["webhook"] = webhook.Name }),
            webhook.Name,
            context.RequestAborted);
        await Reply.NoContentAsync(context);
    }

    private async Task DeliveriesAsync(HttpContext context)
    {
        var deliveries = await store.DeliveriesAsync(Name(context), Shown, context.RequestAborted);
        await JsonAsync(context, [.. deliveries.Select(DeliveryLine.From)], NoticeJson.Default.DeliveryLineArray);
    }

    private Task AnswerAsync(HttpContext context, WebhookOutcome outcome, bool withKeys) => outcome switch
    {
        WebhookOutcome.Saved saved => JsonAsync(context, WebhookLine.From(saved.Webhook, withKeys), NoticeJson.Default.WebhookLine),
        WebhookOutcome.Invalid invalid => call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(invalid.Sentence)),
        WebhookOutcome.NotFound => call.ErrorAsync(context, ProvisioningError.NotFound),
        WebhookOutcome.ETagMismatch => call.ErrorAsync(context, ProvisioningError.PreconditionFailed),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out WebhookForm? form, [NotNullWhen(false)] out string? fault)
    {
        form = null;
        fault = "Send JSON with 'url', 'kinds' and, if it is to be told nothing for now, 'enabled': false.";
        try
        {
            form = JsonSerializer.Deserialize(body, NoticeJson.Default.WebhookForm);
            return form is not null;
        }
        catch (JsonException exception)
        {
            fault = $"{fault} What was sent cannot be read at {exception.Path ?? "$"}.";
            return false;
        }
    }

    private static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        Reply.JsonAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static string Name(HttpContext context) => ServiceCall.Segment(context, "name");
}
