namespace Perennial.Protocol.Hub.Jobs;

/// <summary>How many devices of a job are how far. Source: hub-protocol §4.9.</summary>
public sealed record JobStatisticsDocument
{
    /// <summary>All that are known yet.</summary>
    public required long DeviceCount { get; init; }

    /// <summary>Those it failed with, or was stopped before.</summary>
    public required long FailedCount { get; init; }

    /// <summary>Those that are done.</summary>
    public required long SucceededCount { get; init; }

    /// <summary>Those that are being dealt with.</summary>
    public required long RunningCount { get; init; }

    /// <summary>Those that wait.</summary>
    public required long PendingCount { get; init; }
}
