namespace Perennial.Server.Notices;

/// <summary>A webhook as it is shown.</summary>
internal sealed record WebhookLine
{
    public required string Name { get; init; }

    public required string Url { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    public required bool Enabled { get; init; }

    public required string ETag { get; init; }

    /// <summary>As receivers' libraries take it; left out unless it was asked for.</summary>
    public string? PrimaryKey { get; init; }

    public string? SecondaryKey { get; init; }

    public static WebhookLine From(Webhook webhook, bool withKeys) => new()
    {
        Name = webhook.Name,
        Url = webhook.Url.OriginalString,
        Kinds = NoticeNames.OfAll(webhook.Kinds),
        Enabled = webhook.IsEnabled,
        ETag = webhook.ETag,
        PrimaryKey = withKeys ? WebhookSignature.Text(webhook.PrimaryKey) : null,
        SecondaryKey = withKeys ? WebhookSignature.Text(webhook.SecondaryKey) : null,
    };
}
