namespace Perennial.Rolling.Rehearsals;

/// <summary>The last rehearsal of a roll.</summary>
public sealed record Rehearsal
{
    /// <summary>The roll's id.</summary>
    public required string Roll { get; init; }

    /// <summary>The version of the roll that is rehearsed: a plan that was replaced since is another one.</summary>
    public required int RollVersion { get; init; }

    /// <summary>Tells it from the others of its roll.</summary>
    public required string Id { get; init; }

    public required RehearsalState State { get; init; }

    /// <summary>How far it has come, from 0 to 1.</summary>
    public double Progress { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>What was assumed, as it was asked for.</summary>
    public RehearsalTerms Terms { get; init; } = new();

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Fault { get; init; }

    /// <summary>What it showed, without the lost devices; null until it is done.</summary>
    public RehearsalResult? Result { get; init; }
}
