using Perennial.Hub.Devices;
using Perennial.Hub.Jobs;
using Perennial.Hub.Twins;

namespace Perennial.Server.Tests.Hubs;

/// <summary>A store that breaks at one of its steps, before the step is done or after it, and at every one that follows: a server that ends there.</summary>
internal sealed class BreakingJobs(IJobStore jobs, int at, bool isDone) : IJobStore
{
    private int _steps;

    public bool HasBroken => _steps >= at;

    public Task<bool> TryCreateAsync(Job job, string actor, CancellationToken cancellationToken) =>
        StepAsync(() => jobs.TryCreateAsync(job, actor, cancellationToken));

    public Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken) => StepAsync(() => jobs.FindAsync(id, cancellationToken));

    public Task<IReadOnlyList<Job>> ListAsync(JobKind? kind, JobStatus? status, string? after, int max, CancellationToken cancellationToken) =>
        StepAsync(() => jobs.ListAsync(kind, status, after, max, cancellationToken));

    public Task<IReadOnlyList<Job>> ListOpenAsync(int max, CancellationToken cancellationToken) => StepAsync(() => jobs.ListOpenAsync(max, cancellationToken));

    public Task<Job?> ChangeAsync(JobId id, Func<Job, Job?> change, CancellationToken cancellationToken) =>
        StepAsync(() => jobs.ChangeAsync(id, change, cancellationToken));

    public Task GatherAsync(Job job, IReadOnlyList<DeviceId> devices, string? to, bool isAll, CancellationToken cancellationToken) =>
        StepAsync(async () =>
        {
            await jobs.GatherAsync(job, devices, to, isAll, cancellationToken);
            return true;
        });

    public Task<IReadOnlyList<JobDevice>> ListDevicesAsync(JobId id, JobDeviceStatus status, int max, CancellationToken cancellationToken) =>
        StepAsync(() => jobs.ListDevicesAsync(id, status, max, cancellationToken));

    public Task<IReadOnlyList<JobDevice>> ListDevicesAsync(JobId? id, string? after, int max, CancellationToken cancellationToken) =>
        StepAsync(() => jobs.ListDevicesAsync(id, after, max, cancellationToken));

    public Task<bool> TryMoveAsync(JobDevice device, JobDeviceStatus from, CancellationToken cancellationToken) =>
        StepAsync(() => jobs.TryMoveAsync(device, from, cancellationToken));

    public Task<TwinChange?> ChangeTwinAsync(JobDevice device, Func<Twin, TwinChange> change, DateTimeOffset time, CancellationToken cancellationToken) =>
        StepAsync(() => jobs.ChangeTwinAsync(device, change, time, cancellationToken));

    public Task SettleAsync(JobId id, JobDeviceStatus from, JobDeviceStatus to, DateTimeOffset time, string? failure, CancellationToken cancellationToken) =>
        StepAsync(async () =>
        {
            await jobs.SettleAsync(id, from, to, time, failure, cancellationToken);
            return true;
        });

    public Task<JobCounts> CountAsync(JobId id, CancellationToken cancellationToken) => StepAsync(() => jobs.CountAsync(id, cancellationToken));

    public Task ForgetAsync(DateTimeOffset endedBefore, int max, CancellationToken cancellationToken) =>
        StepAsync(async () =>
        {
            await jobs.ForgetAsync(endedBefore, max, cancellationToken);
            return true;
        });

    private async Task<T> StepAsync<T>(Func<Task<T>> step)
    {
        var number = Interlocked.Increment(ref _steps);
        if (number > at || (number == at && !isDone))
        {
            throw new IOException("The server ends here.");
        }

        var result = await step();
        return number == at ? throw new IOException("The server ends here.") : result;
    }
}
