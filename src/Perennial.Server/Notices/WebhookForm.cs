namespace Perennial.Server.Notices;

/// <summary>A webhook as it is sent by an operator.</summary>
internal sealed record WebhookForm
{
    public string? Url { get; init; }

    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>Left out: it is enabled.</summary>
    public bool? Enabled { get; init; }
}
