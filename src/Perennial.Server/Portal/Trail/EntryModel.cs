namespace Perennial.Server.Portal.Trail;

/// <summary>One entry of the audit trail with all that it holds.</summary>
public sealed record EntryModel
{
    public required TrailLine Line { get; init; }

    public required IReadOnlyList<ChangedValue> Changes { get; init; }

    /// <summary>The object before as JSON with lines; null when it was new.</summary>
    public required string? Before { get; init; }

    public required string? After { get; init; }

    /// <summary>Null for an entry that is older than the chain.</summary>
    public required string? Hash { get; init; }

    public required DateTimeOffset Now { get; init; }
}
