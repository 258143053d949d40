using Perennial.X509;

namespace Perennial.Rolling.Sightings;

/// <summary>A stored sighting, with the chain by thumbprints.</summary>
public sealed record SightingRecord
{
    public required string Device { get; init; }

    public required SightingPath Path { get; init; }

    public string? Hub { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Leaf first; empty when no certificate was presented.</summary>
    public required IReadOnlyList<Thumbprint> Chain { get; init; }

    public SightingMatch? Match { get; init; }

    /// <summary>The number of the refusal; null when the device was accepted.</summary>
    public int? RefusalNumber { get; init; }

    /// <summary>What was found and what was expected.</summary>
    public string? RefusalDetail { get; init; }

    /// <summary>The enrollment that came nearest, as text.</summary>
    public string? Nearest { get; init; }

    /// <summary>What a refused device presented, a line for each certificate with its subject, issuer and validity; empty when it was accepted.</summary>
    public IReadOnlyList<string> Received { get; init; } = [];
}
