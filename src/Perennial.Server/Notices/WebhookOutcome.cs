namespace Perennial.Server.Notices;

/// <summary>What came of a change to a webhook.</summary>
internal abstract record WebhookOutcome
{
    private WebhookOutcome()
    {
    }

    public sealed record Saved(Webhook Webhook) : WebhookOutcome;

    /// <param name="Sentence">What is wrong and what is wanted.</param>
    public sealed record Invalid(string Sentence) : WebhookOutcome;

    public sealed record NotFound : WebhookOutcome;

    public sealed record ETagMismatch : WebhookOutcome;
}
