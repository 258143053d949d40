namespace Perennial.Server.Notices;

/// <summary>The way out to webhooks.</summary>
internal interface INoticeSender
{
    /// <summary>Sends one notice to one webhook, once.</summary>
    /// <returns>Why it was not taken; null when it was.</returns>
    Task<string?> SendAsync(Webhook webhook, Notice notice, CancellationToken cancellationToken);
}
