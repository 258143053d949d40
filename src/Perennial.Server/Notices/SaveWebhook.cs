using System.Security.Cryptography;

namespace Perennial.Server.Notices;

/// <summary>Makes a webhook, or changes one. Its keys are made here, and stay when it is changed.</summary>
internal sealed class SaveWebhook(IWebhookStore store)
{
    /// <summary>Webhooks that there may be.</summary>
    public const int Most = 100;

    /// <param name="draft">What it is to be.</param>
    /// <param name="etag">The ETag that must be stored now; null for any.</param>
    /// <param name="actor">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<WebhookOutcome> RunAsync(WebhookDraft draft, string? etag, string actor, CancellationToken cancellationToken)
    {
        if (Fault(draft, out var url, out var kinds) is { } fault)
        {
            return new WebhookOutcome.Invalid(fault);
        }

        var stored = await store.FindAsync(draft.Name, cancellationToken);
        if (etag is not null && etag != stored?.ETag)
        {
            return new WebhookOutcome.ETagMismatch();
        }

        if (stored is null && (await store.ListAsync(cancellationToken)).Count >= Most)
        {
            return new WebhookOutcome.Invalid($"There are {Most} webhooks, as many as there may be: delete one first.");
        }

        return await StoreAsync(
            new Webhook
            {
                Name = draft.Name,
                ETag = NewETag(),
                Url = url!,
                Kinds = kinds,
                IsEnabled = draft.IsEnabled,
                PrimaryKey = stored?.PrimaryKey ?? NewKey(),
                SecondaryKey = stored?.SecondaryKey ?? NewKey(),
            },
            stored?.ETag,
            actor,
            cancellationToken);
    }

    /// <summary>Makes the secondary key the primary one, and a new secondary one: receivers that know either go on.</summary>
    public async Task<WebhookOutcome> RollKeysAsync(string name, string actor, CancellationToken cancellationToken) =>
        await store.FindAsync(name, cancellationToken) is { } stored
            ? await StoreAsync(
                stored with { ETag = NewETag(), PrimaryKey = stored.SecondaryKey, SecondaryKey = NewKey() }, stored.ETag, actor, cancellationToken)
            : new WebhookOutcome.NotFound();

    private async Task<WebhookOutcome> StoreAsync(Webhook webhook, string? expected, string actor, CancellationToken cancellationToken) =>
        await store.SaveAsync(webhook, expected, actor, cancellationToken) ? new WebhookOutcome.Saved(webhook) : new WebhookOutcome.ETagMismatch();

    private static string? Fault(WebhookDraft draft, out Uri? url, out NoticeKind kinds)
    {
        kinds = NoticeKind.None;
        url = null;
        if (!Webhook.IsName(draft.Name))
        {
            return $"'{draft.Name}' is not a webhook's name: 1 to {Webhook.MaxNameLength} lower case letters, digits and -.";
        }

        if (draft.Url.Length > Webhook.MaxUrlLength || !Uri.TryCreate(draft.Url, UriKind.Absolute, out url) || url.Scheme != Uri.UriSchemeHttps)
        {
            return $"The url of the webhook '{draft.Name}' is not an HTTPS address of at most {Webhook.MaxUrlLength} characters.";
        }

        if (url.UserInfo.Length > 0)
        {
            return $"The url of the webhook '{draft.Name}' holds a user name or password; notices are signed instead.";
        }

        if (!NoticeNames.TryParse(draft.Kinds, out kinds, out var fault))
        {
            return fault;
        }

        return kinds == NoticeKind.None ? $"The webhook '{draft.Name}' asks for no kind of notice: choose among {string.Join(", ", NoticeNames.Wanted)}." : null;
    }

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(Webhook.KeyLength);

    private static string NewETag() => Guid.NewGuid().ToString("N");
}
