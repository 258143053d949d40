namespace Perennial.Hub.Jobs;

/// <summary>Stops a job: what is under way with a device is finished, nothing new is begun.</summary>
public sealed class CancelJob(IJobStore jobs, TimeProvider time)
{
    /// <returns>The job as it is then; null when there is none.</returns>
    public async Task<Job?> RunAsync(JobId id, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var job = await jobs.ChangeAsync(id, stored => stored.IsOver ? null : stored.End(JobStatus.Cancelled, at), cancellationToken);
        if (job?.Status == JobStatus.Cancelled)
        {
            await jobs.SettleAsync(id, JobDeviceStatus.Pending, JobDeviceStatus.Cancelled, at, "The job was cancelled.", CancellationToken.None);
        }

        return job;
    }
}
