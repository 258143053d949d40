namespace Perennial.Protocol.Rolling;

/// <summary>What a rehearsal found.</summary>
public sealed record RehearsalFindingDocument
{
    /// <summary>What is wrong, in one word.</summary>
    public required string Kind { get; init; }

    /// <summary><c>blocks</c> or <c>warns</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>How many devices it concerns; 0 when it is the plan itself.</summary>
    public required long Devices { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Sentence { get; init; }

    /// <summary>What mends it.</summary>
    public required string Remedy { get; init; }
}
