namespace Perennial.Server.Portal.Settings;

/// <summary>What the page of one webhook shows.</summary>
public sealed record HookModel
{
    public required HookLine Hook { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<HookDelivery> Deliveries { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool MayChange { get; init; }

    /// <summary>Keys that were asked for; null shows none.</summary>
    public KeysModel? Keys { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }

    public string Path => WebhookPages.PathOf(Hook.Name);
}
