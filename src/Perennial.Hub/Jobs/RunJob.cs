using Perennial.Hub.Devices;
using Perennial.Hub.Queries;
using Perennial.Hub.Registry;

namespace Perennial.Hub.Jobs;

/// <summary>
/// Runs a job from wherever it stopped. Its devices are written down first, then each is dealt with once: a twin is changed in the
/// transaction that says so, a method is called only after it was written down that it will be.
/// </summary>
public sealed class RunJob(IJobStore jobs, RunQuery queries, UpdateTwin twins, IJobMethod methods, TimeProvider time)
{
    private const int Batch = 200;

    /// <summary>Devices of one job that are dealt with at the same time.</summary>
    public const int Parallelism = 10;

    private const string Interrupted = "The server ended while the method was called; the device may have run it.";

    /// <param name="id">A job whose time has come.</param>
    /// <param name="stopping">Stops between devices; the job goes on when it is run again.</param>
    public async Task RunAsync(JobId id, CancellationToken stopping)
    {
        var job = await jobs.ChangeAsync(id, stored => stored.Status == JobStatus.Scheduled ? stored with { Status = JobStatus.Running } : null, stopping);
        if (job is null || job.IsOver)
        {
            return;
        }

        // Only one runs a job: what is under way now was under way when the server ended.
        await jobs.SettleAsync(id, JobDeviceStatus.Running, JobDeviceStatus.Failed, time.GetUtcNow(), Interrupted, stopping);
        if (await GatherAsync(job, stopping) is { } fault)
        {
            await EndAsync(id, JobStatus.Failed, fault);
            return;
        }

        while (await jobs.FindAsync(id, stopping) is { IsOver: false })
        {
            if (time.GetUtcNow() >= job.Deadline)
            {
                const string Late = "The time of the job was over.";
                await jobs.SettleAsync(id, JobDeviceStatus.Pending, JobDeviceStatus.Failed, time.GetUtcNow(), Late, stopping);
                await EndAsync(id, JobStatus.Failed, Late);
                return;
            }

            var batch = await jobs.ListDevicesAsync(id, JobDeviceStatus.Pending, Batch, stopping);
            if (batch.Count == 0)
            {
                await EndAsync(id, JobStatus.Completed, failure: null);
                return;
            }

            await Parallel.ForEachAsync(
                batch,
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = stopping },
                (device, token) => new ValueTask(DealWithAsync(job, device, token)));
        }
    }

    /// <returns>Why the job cannot be run; null when all of its devices are written down.</returns>
    private async Task<string?> GatherAsync(Job job, CancellationToken stopping)
    {
        if (!JobTargets.TryRead(job.Condition, out var query, out var fault))
        {
            return fault.ToString();
        }

        var cursor = new QueryCursor(job.GatheredTo, 0);
        while (!job.IsGathered && cursor is not null)
        {
            if (await queries.RunAsync(query with { Projections = [] }, cursor, Batch, stopping) is not QueryOutcome.Page page)
            {
                return "The devices could not be found.";
            }

            cursor = page.Next;
            var devices = page.Items.Select(item => ((TwinRow)((QueryResult.Whole)item).Row).Device.Id).ToList();
            await jobs.GatherAsync(job, devices, cursor?.After, cursor is null, stopping);
        }

        return null;
    }

    private async Task DealWithAsync(Job job, JobDevice device, CancellationToken stopping)
    {
        if (time.GetUtcNow() >= job.Deadline)
        {
            return;
        }

        if (job.Kind == JobKind.UpdateTwin)
        {
            await ChangeTwinAsync(job, device);
            return;
        }

        var begun = device with { Status = JobDeviceStatus.Running, Started = time.GetUtcNow() };
        if (await jobs.TryMoveAsync(begun, JobDeviceStatus.Pending, stopping))
        {
            var answer = await CallAsync(job, device.Device, stopping);
            var status = answer.Failure is null ? JobDeviceStatus.Completed : JobDeviceStatus.Failed;
            await jobs.TryMoveAsync(
                begun.End(status, time.GetUtcNow(), answer.Failure) with { Answer = answer.Answer }, JobDeviceStatus.Running, CancellationToken.None);
        }
    }

    private async Task<JobMethodAnswer> CallAsync(Job job, DeviceId device, CancellationToken stopping)
    {
        try
        {
            return await methods.CallAsync(device, job.Work, stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new JobMethodAnswer(null, "The method could not be called.");
        }
    }

    private async Task ChangeTwinAsync(Job job, JobDevice device)
    {
        if (!TwinWork.TryRead(job.Work, out var tags, out var desired, out var fault))
        {
            await jobs.TryMoveAsync(device.End(JobDeviceStatus.Failed, time.GetUtcNow(), fault.Message), JobDeviceStatus.Pending, CancellationToken.None);
            return;
        }

        var outcome = await twins.MergeAsync(
            device.Device, tags, desired, (_, change) => jobs.ChangeTwinAsync(device, change, time.GetUtcNow(), CancellationToken.None), CancellationToken.None);
        if (outcome is null)
        {
            await jobs.TryMoveAsync(
                device.End(JobDeviceStatus.Failed, time.GetUtcNow(), "There is no such device any more."), JobDeviceStatus.Pending, CancellationToken.None);
        }
    }

    private async Task EndAsync(JobId id, JobStatus status, string? failure)
    {
        var at = time.GetUtcNow();
        await jobs.ChangeAsync(id, stored => stored.IsOver ? null : stored.End(status, at, failure), CancellationToken.None);
    }
}
