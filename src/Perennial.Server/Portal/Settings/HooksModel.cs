namespace Perennial.Server.Portal.Settings;

/// <summary>What the list of webhooks shows.</summary>
public sealed record HooksModel
{
    public required IReadOnlyList<HookLine> Hooks { get; init; }

    /// <summary>Kinds of notices to choose among.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>What was typed for a new one.</summary>
    public HookLine? Draft { get; init; }

    public bool MayChange { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }
}
