using System.Text.Json;
using Perennial.Hub.Jobs;

namespace Perennial.Server.Storage.Sql;

/// <summary>A job as it is kept, but for what stands in columns.</summary>
internal sealed record JobDocument
{
    public required string Condition { get; init; }

    public required JsonElement Work { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required TimeSpan Longest { get; init; }

    public string? Failure { get; init; }

    public string? GatheredTo { get; init; }

    public bool IsGathered { get; init; }

    public static JobDocument From(Job job) => new()
    {
        Condition = job.Condition,
        Work = job.Work,
        Created = job.Created,
        Longest = job.Longest,
        Failure = job.Failure,
        GatheredTo = job.GatheredTo,
        IsGathered = job.IsGathered,
    };

    public Job ToDomain(JobId id, JobKind kind, JobStatus status, DateTimeOffset start, DateTimeOffset? ended) => new()
    {
        Id = id,
        Kind = kind,
        Condition = Condition,
        Work = Work,
        Created = Created,
        Start = start,
        Longest = Longest,
        Status = status,
        Ended = ended,
        Failure = Failure,
        GatheredTo = GatheredTo,
        IsGathered = IsGathered,
    };
}
