using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>The last rehearsal of a roll, and what it showed.</summary>
public sealed record RehearsalDocument : IWireDocument<RehearsalDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<RehearsalDocument> IWireDocument<RehearsalDocument>.TypeInfo => RollingJson.Default.RehearsalDocument;

    /// <summary><c>running</c>, <c>done</c>, <c>stopped</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>How far it has come, from 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>Why it failed; left out when it did not.</summary>
    public string? Fault { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>When it was begun; the roll is rehearsed as if it were started then.</summary>
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>When it was done, stopped, or failed.</summary>
    public DateTimeOffset? EndedUtc { get; init; }

    /// <summary>What was found, the worst first. What follows is left out until it is done.</summary>
    public IReadOnlyList<RehearsalFindingDocument>? Findings { get; init; }

    /// <summary>Whether a finding blocks the plan.</summary>
    public bool? Blocks { get; init; }

    /// <summary>Devices of the roll.</summary>
    public long? Devices { get; init; }

    /// <summary>Those that moved.</summary>
    public long? Moved { get; init; }

    /// <summary>Those that would lose access.</summary>
    public long? LostDevices { get; init; }

    /// <summary>The most that any part of the service does in a minute.</summary>
    public long? PeakPerMinute { get; init; }

    /// <summary>The same, part by part.</summary>
    public RehearsalPeakDocument? Peak { get; init; }

    /// <summary>Whether the roll comes to its end within a year.</summary>
    public bool? Completes { get; init; }

    /// <summary>When the old certificate is retired; left out when it is not.</summary>
    public DateTimeOffset? FinishesUtc { get; init; }

    /// <summary>When nine of ten devices have moved.</summary>
    public DateTimeOffset? MostMovedUtc { get; init; }

    /// <summary>When the last one has that moves.</summary>
    public DateTimeOffset? LastMovedUtc { get; init; }

    /// <summary>When each wave begins.</summary>
    public IReadOnlyList<RehearsedWaveDocument>? Waves { get; init; }

    /// <summary>What drew what is drawn.</summary>
    public int? Seed { get; init; }
}
