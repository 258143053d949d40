using System.Text.Json;

namespace Perennial.Hub.Jobs;

/// <summary>Something that is done once to each device of a query, from a given time on.</summary>
public sealed record Job
{
    public required JobId Id { get; init; }

    public required JobKind Kind { get; init; }

    /// <summary>The condition on devices, as it was asked for; empty for all.</summary>
    public required string Condition { get; init; }

    /// <summary>The change of the twin, or the method call, as it was asked for.</summary>
    public required JsonElement Work { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>When it begins, at the earliest.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long after its start it may go on.</summary>
    public required TimeSpan Longest { get; init; }

    public JobStatus Status { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Failure { get; init; }

    /// <summary>How far its devices were written down: the id of the last one.</summary>
    public string? GatheredTo { get; init; }

    /// <summary>Whether all of its devices are written down.</summary>
    public bool IsGathered { get; init; }

    public bool IsOver => Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;

    public DateTimeOffset Deadline => Start + Longest;

    /// <summary>The job at its end.</summary>
    public Job End(JobStatus status, DateTimeOffset at, string? failure = null) => this with { Status = status, Ended = at, Failure = failure };
}
