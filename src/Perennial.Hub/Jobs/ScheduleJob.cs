
namespace Perennial.Hub.Jobs;

/// <summary>Takes a job in, once it is known that it can be run.</summary>
public sealed class ScheduleJob(IJobStore jobs, IJobMethod methods, JobBell bell, TimeProvider time)
{
    /// <summary>How far ahead a job may start (hub-protocol §4.9).</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromHours(168);

    public async Task<ScheduleOutcome> RunAsync(Job job, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (Fault(job) is { } fault)
        {
            return new ScheduleOutcome.Invalid(fault);
        }

        if (!await jobs.TryCreateAsync(job, actor, cancellationToken))
        {
            return new ScheduleOutcome.AlreadyExists();
        }

        bell.Ring();
        return new ScheduleOutcome.Scheduled(job);
    }

    private string? Fault(Job job)
    {
        if (job.Start > time.GetUtcNow() + Furthest)
        {
            return $"The start lies more than {Furthest.TotalHours} hours ahead.";
        }

        if (job.Longest <= TimeSpan.Zero)
        {
            return "maxExecutionTimeInSeconds is a number from 1.";
        }

        if (!JobTargets.TryRead(job.Condition, out _, out var fault))
        {
            return fault.ToString();
        }

        return job.Kind == JobKind.DeviceMethod ? methods.Check(job.Work)
            : TwinWork.TryRead(job.Work, out _, out _, out var broken) ? null
            : broken.Message;
    }
}
