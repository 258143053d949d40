namespace Perennial.Server.Notices;

/// <summary>Sends what is due, and stores what came of it. A notice is sent at least once; its id tells a receiver that it comes again.</summary>
internal sealed class DeliverNotices(IWebhookStore store, INoticeSender sender, TimeProvider time)
{
    /// <summary>Requests to one webhook at once: one that does not answer holds up its own notices only a round long.</summary>
    private const int PerWebhook = 4;

    /// <returns>The deliveries that were tried, as they stand after it.</returns>
    public async Task<IReadOnlyList<Delivery>> RunAsync(CancellationToken cancellationToken)
    {
        var due = await store.DueAsync(time.GetUtcNow(), PerWebhook, cancellationToken);
        var webhooks = (await store.ListAsync(cancellationToken)).ToDictionary(webhook => webhook.Name, StringComparer.Ordinal);
        var tried = await Task.WhenAll(due.Select(delivery => TryAsync(webhooks, delivery, cancellationToken)));
        foreach (var delivery in tried)
        {
            await store.NoteAsync(delivery, cancellationToken);
        }

        return tried;
    }

    private async Task<Delivery> TryAsync(Dictionary<string, Webhook> webhooks, Delivery delivery, CancellationToken cancellationToken)
    {
        if (!webhooks.TryGetValue(delivery.Webhook, out var webhook) || !webhook.IsEnabled)
        {
            return delivery with { State = DeliveryState.GivenUp, Fault = "The webhook is disabled." };
        }

        var fault = await sender.SendAsync(webhook, delivery.Notice, cancellationToken);
        return delivery.After(fault, time.GetUtcNow());
    }
}
