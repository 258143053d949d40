namespace Perennial.Server.Notices;

/// <summary>What an operator wants a webhook to be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where notices are sent.</param>
/// <param name="Kinds">Names of the kinds that are sent (<see cref="NoticeNames"/>).</param>
/// <param name="IsEnabled">Whether it is told.</param>
internal sealed record WebhookDraft(string Name, string Url, IReadOnlyList<string> Kinds, bool IsEnabled);
