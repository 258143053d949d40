namespace Perennial.Rolling.Rehearsals;

/// <summary>What a rehearsal showed.</summary>
public sealed record RehearsalResult
{
    /// <summary>The worst first.</summary>
    public required IReadOnlyList<RehearsalFinding> Findings { get; init; }

    /// <summary>By when they lose access, then by id.</summary>
    public required IReadOnlyList<LostDevice> Lost { get; init; }

    /// <summary>How many they are.</summary>
    public required long LostDevices { get; init; }

    public required PeakLoad Peak { get; init; }

    /// <summary>Whether the roll came to its end in the time that was rehearsed.</summary>
    public required bool Completes { get; init; }

    /// <summary>When the old certificate was retired; null when it was not.</summary>
    public DateTimeOffset? Finishes { get; init; }

    /// <summary>When nine of ten devices had moved; null when they never had.</summary>
    public DateTimeOffset? MostMoved { get; init; }

    /// <summary>When the last one moved.</summary>
    public DateTimeOffset? LastMoved { get; init; }

    public required long Devices { get; init; }

    public required long Moved { get; init; }

    public required IReadOnlyList<RehearsedWave> Waves { get; init; }

    public required int Seed { get; init; }

    public bool Blocks => Findings.Any(finding => finding.Severity == FindingSeverity.Blocks);
}
