using Perennial.Hub.Devices;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Jobs;

/// <summary>Storage of the jobs of one hub and of how far they are with each device. Each method is one transaction.</summary>
public interface IJobStore
{
    /// <returns>False when there is one of this id already.</returns>
    Task<bool> TryCreateAsync(Job job, string actor, CancellationToken cancellationToken);

    Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>Jobs by id, those after <paramref name="after"/>, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<Job>> ListAsync(JobKind? kind, JobStatus? status, string? after, int max, CancellationToken cancellationToken);

    /// <summary>Jobs that are scheduled or running, by their start.</summary>
    Task<IReadOnlyList<Job>> ListOpenAsync(int max, CancellationToken cancellationToken);

    /// <summary>Reads the job and writes what the change makes of it; null leaves it.</summary>
    /// <returns>The job as it is then; null when there is none.</returns>
    Task<Job?> ChangeAsync(JobId id, Func<Job, Job?> change, CancellationToken cancellationToken);

    /// <summary>Writes devices of the job down, and how far that has come. Does nothing once the job is over.</summary>
    Task GatherAsync(Job job, IReadOnlyList<DeviceId> devices, string? to, bool isAll, CancellationToken cancellationToken);

    /// <summary>Devices of this status by id, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<JobDevice>> ListDevicesAsync(JobId id, JobDeviceStatus status, int max, CancellationToken cancellationToken);

    /// <summary>Devices of this job, or of all jobs, by key, those after <paramref name="after"/>, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<JobDevice>> ListDevicesAsync(JobId? id, string? after, int max, CancellationToken cancellationToken);

    /// <summary>Moves a device from one status on.</summary>
    /// <returns>False when it is not of that status any more, or the job is over and the device was pending.</returns>
    Task<bool> TryMoveAsync(JobDevice device, JobDeviceStatus from, CancellationToken cancellationToken);

    /// <summary>Changes the twin and writes down that it is done, both or neither; so no twin is changed twice, whatever breaks in between.</summary>
    /// <returns>What the change made; null when the device is not pending any more or there is no such twin.</returns>
    Task<TwinChange?> ChangeTwinAsync(JobDevice device, Func<Twin, TwinChange> change, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Gives every device of one status another, with the reason.</summary>
    Task SettleAsync(JobId id, JobDeviceStatus from, JobDeviceStatus to, DateTimeOffset at, string? failure, CancellationToken cancellationToken);

    Task<JobCounts> CountAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>Deletes jobs that ended before, with their devices, at most <paramref name="max"/>.</summary>
    Task ForgetAsync(DateTimeOffset endedBefore, int max, CancellationToken cancellationToken);
}
