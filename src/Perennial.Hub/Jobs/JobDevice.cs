using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Queries;

namespace Perennial.Hub.Jobs;

/// <summary>One device of a job.</summary>
public sealed record JobDevice : IQueryRow
{
    public required JobId Job { get; init; }

    public required JobKind Kind { get; init; }

    public required DeviceId Device { get; init; }

    public JobDeviceStatus Status { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>What the device answered to the method.</summary>
    public JsonElement? Answer { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Failure { get; init; }

    public string Key => $"{Job} {Device}";

    public DateTimeOffset Updated => Ended ?? Started ?? Created;

    public JobDevice End(JobDeviceStatus status, DateTimeOffset at, string? failure = null) =>
        this with { Status = status, Started = Started ?? at, Ended = at, Failure = failure };

    public QueryValue Find(QueryPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Segments.Count > 1)
        {
            return QueryValue.Undefined;
        }

        return path.First switch
        {
            "deviceId" => QueryValue.Of(Device.Value),
            "jobId" => QueryValue.Of(Job.Value),
            "jobType" => QueryValue.Of(JobWords.Of(Kind)),
            "status" => QueryValue.Of(JobWords.Of(Status)),
            "createdDateTimeUtc" => QueryValue.Of(Created),
            "lastUpdatedDateTimeUtc" => QueryValue.Of(Updated),
            "startTimeUtc" => Started is { } started ? QueryValue.Of(started) : QueryValue.Undefined,
            "endTimeUtc" => Ended is { } ended ? QueryValue.Of(ended) : QueryValue.Undefined,
            _ => QueryValue.Undefined,
        };
    }
}
