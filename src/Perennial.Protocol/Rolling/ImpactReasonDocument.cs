namespace Perennial.Protocol.Rolling;

/// <summary>Why devices would be refused.</summary>
public sealed record ImpactReasonDocument
{
    /// <summary>The number of the refusal, which has a page of its own.</summary>
    public required int Refusal { get; init; }

    /// <summary>What it says of every device.</summary>
    public required string Title { get; init; }

    /// <summary>What it says of one of these devices.</summary>
    public required string Example { get; init; }

    /// <summary>What would mend it.</summary>
    public required string Remedy { get; init; }

    /// <summary>How many devices.</summary>
    public required long Devices { get; init; }
}
