using System.Text.Json.Nodes;
using Perennial.Hub.Jobs;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Jobs;
using Perennial.Server.Hubs;

namespace Perennial.Server.Http;

/// <summary>Jobs between the wire and the hub (hub-protocol §4.9).</summary>
internal static class JobDocuments
{
    /// <summary>How long a job may go on that does not say.</summary>
    private static readonly TimeSpan UsualLongest = TimeSpan.FromHours(1);

    private static readonly TimeSpan MostLongest = TimeSpan.FromDays(30);

    /// <summary>Reads what a request asks for.</summary>
    public static bool TryRead(JobDocument document, JobId id, DateTimeOffset now, [NotNullWhen(true)] out Job? job, [NotNullWhen(false)] out string? fault)
    {
        job = null;
        var kind = JobWords.KindOf(document.Type);
        var work = kind == JobKind.UpdateTwin ? document.UpdateTwin : document.CloudToDeviceMethod;
        fault = kind is null ? $"The type '{document.Type}' is neither scheduleUpdateTwin nor scheduleDeviceMethod."
            : work is null ? $"A job of the type {document.Type} needs {(kind == JobKind.UpdateTwin ? "updateTwin" : "cloudToDeviceMethod")}."
            : document.MaxExecutionTimeInSeconds is < 1 ? "maxExecutionTimeInSeconds is a number from 1."
            : document.JobId is { } named && named != id.Value ? $"The body names the job '{named}', the path '{id}'."
            : null;
        if (fault is not null)
        {
            return false;
        }

        if (kind == JobKind.UpdateTwin && work!["properties"]?["desired"] is JsonObject desired)
        {
            desired.Remove("$metadata");
            desired.Remove("$version");
        }

        job = new Job
        {
            Id = id,
            Kind = kind!.Value,
            Condition = document.QueryCondition ?? string.Empty,
            Work = TwinNodes.ToElement(work!),
            Created = now,
            Start = document.StartTime is { } start && start > now ? start.ToUniversalTime() : now,
            Longest = document.MaxExecutionTimeInSeconds is { } seconds && seconds < MostLongest.TotalSeconds ? TimeSpan.FromSeconds(seconds)
                : document.MaxExecutionTimeInSeconds is null ? UsualLongest
                : MostLongest,
        };
        return true;
    }

    public static JobDocument From(Job job, JobCounts? counts) => new()
    {
        JobId = job.Id.Value,
        Type = JobWords.Of(job.Kind),
        Status = JobWords.Of(job.Status),
        QueryCondition = job.Condition,
        CloudToDeviceMethod = job.Kind == JobKind.DeviceMethod ? TwinNodes.ToObject(job.Work) : null,
        UpdateTwin = job.Kind == JobKind.UpdateTwin ? TwinNodes.ToObject(job.Work) : null,
        CreatedTime = job.Created,
        StartTime = job.Start,
        EndTime = job.Ended,
        MaxExecutionTimeInSeconds = (long)job.Longest.TotalSeconds,
        FailureReason = job.Failure,
        DeviceJobStatistics = counts is null ? null : new JobStatisticsDocument
        {
            DeviceCount = counts.Total,
            FailedCount = counts.Failed,
            SucceededCount = counts.Succeeded,
            RunningCount = counts.Running,
            PendingCount = counts.Pending,
        },
    };

    public static DeviceJobDocument From(JobDevice device) => new()
    {
        DeviceId = device.Device.Value,
        JobId = device.Job.Value,
        JobType = JobWords.Of(device.Kind),
        Status = JobWords.Of(device.Status),
        StartTimeUtc = device.Started,
        EndTimeUtc = device.Ended,
        CreatedDateTimeUtc = device.Created,
        LastUpdatedDateTimeUtc = device.Updated,
        Outcome = device.Answer is { } answer ? new JsonObject { ["deviceMethodResponse"] = TwinNodes.ToObject(answer) } : null,
        Error = device.Failure is { } failure ? new JsonObject { ["code"] = HubError.ServerError.Code, ["description"] = failure } : null,
    };
}
