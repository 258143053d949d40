namespace Perennial.Server.Portal.Rolls;

/// <summary>What the form of a new roll shows.</summary>
public sealed record NewRollModel
{
    public required RollForm Form { get; init; }

    /// <summary>What is wrong with the roll as a whole; null when nothing is.</summary>
    public string? Fault { get; init; }

    /// <summary>What the roll would do; null before it was asked for.</summary>
    public RollPreview? Preview { get; init; }

    public required DateTimeOffset Now { get; init; }
}
