using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Perennial.Hub.Access;
using Perennial.Hub.Jobs;
using Perennial.Hub.Queries;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Jobs;
using Perennial.Server.Limits;

namespace Perennial.Server.Http;

/// <summary>Jobs over HTTPS (hub-protocol §4.9).</summary>
internal static class JobEndpoints
{
    private const string Unknown = "unknown";

    public static void Map(IEndpointRouteBuilder routes, HubGate gate, TimeProvider time)
    {
        routes.MapPut("/jobs/v2/{id}", gate.Allow(HubPermissions.ServiceConnect, call => PutAsync(call, time), HubOperation.Job));
        routes.MapGet("/jobs/v2/query", gate.Allow(HubPermissions.ServiceConnect, ListAsync, HubOperation.Job));
        routes.MapGet("/jobs/v2/{id}", gate.Allow(HubPermissions.ServiceConnect, GetAsync, HubOperation.Job));
        routes.MapPost("/jobs/v2/{id}/cancel", gate.Allow(HubPermissions.ServiceConnect, CancelAsync, HubOperation.Job));
    }

    public static async Task<HubReply> PutAsync(HubCall call, TimeProvider time)
    {
        if (!TryGetId(call, out var id, out var wrong))
        {
            return wrong;
        }

        var (document, unreadable) = await call.ReadAsync<JobDocument>();
        if (document is null)
        {
            return unreadable!;
        }

        if (!JobDocuments.TryRead(document, id, time.GetUtcNow(), out var job, out var fault))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, fault);
        }

        return await call.Hub.ScheduleJob.RunAsync(job, call.Actor, call.Aborted) switch
        {
            ScheduleOutcome.Scheduled scheduled => HubReply.Of(JobDocuments.From(scheduled.Job, counts: null)),
            ScheduleOutcome.AlreadyExists => HubReply.Fail(HubError.JobAlreadyExists, id.Value),
            ScheduleOutcome.Invalid invalid => HubReply.Fail(HubError.ArgumentInvalid, invalid.Sentence),
            var other => throw new InvalidOperationException($"Unknown outcome {other.GetType().Name}."),
        };
    }

    public static async Task<HubReply> GetAsync(HubCall call)
    {
        if (!TryGetId(call, out var id, out var wrong))
        {
            return wrong;
        }

        return await call.Hub.Jobs.FindAsync(id, call.Aborted) is { } job
            ? HubReply.Of(JobDocuments.From(job, await call.Hub.Jobs.CountAsync(id, call.Aborted)))
            : HubReply.Of(new JobDocument { JobId = id.Value, Type = Unknown, Status = Unknown });
    }

    public static async Task<HubReply> CancelAsync(HubCall call)
    {
        if (!TryGetId(call, out var id, out var wrong))
        {
            return wrong;
        }

        return await call.Hub.CancelJob.RunAsync(id, call.Aborted) is { } job
            ? HubReply.Of(JobDocuments.From(job, await call.Hub.Jobs.CountAsync(id, call.Aborted)))
            : HubReply.Fail(HubError.JobNotFound, id.Value);
    }

    public static async Task<HubReply> ListAsync(HubCall call)
    {
        var (kind, status) = (Word(call, "jobType"), Word(call, "jobStatus"));
        if ((kind is not null && JobWords.KindOf(kind) is null) || (status is not null && JobWords.StatusOf(status) is null)
            || !QueryEndpoint.TryReadCursor(call, out var cursor))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, "jobType, jobStatus or x-ms-continuation is not one of this hub's.");
        }

        var size = QueryEndpoint.SizeOf(call);
        var jobs = await call.Hub.Jobs.ListAsync(JobWords.KindOf(kind), JobWords.StatusOf(status), cursor.After, size + 1, call.Aborted);
        var shown = new List<JobDocument>(size);
        foreach (var job in jobs.Take(size))
        {
            shown.Add(JobDocuments.From(job, await call.Hub.Jobs.CountAsync(job.Id, call.Aborted)));
        }

        return new HubReply
        {
            Body = WireJson.ToUtf8Array(shown),
            Continuation = jobs.Count > size ? new QueryCursor(jobs[size - 1].Id.Value, 0).ToString() : null,
            ItemType = ItemType.JobResponse,
        };
    }

    private static string? Word(HubCall call, string name) => (string?)call.Context.Request.Query[name] is { Length: > 0 } word ? word : null;

    private static bool TryGetId(HubCall call, [NotNullWhen(true)] out JobId? id, [NotNullWhen(false)] out HubReply? fault)
    {
        var text = (string?)call.Context.Request.RouteValues["id"];
        fault = JobId.TryParse(text, out id)
            ? null
            : HubReply.Fail(HubError.ArgumentInvalid, $"'{text}' is no job id: 1 to {JobId.MaxLength} letters, digits, - and _.");
        return fault is null;
    }
}
