using Perennial.Hub.Devices;
using Perennial.Hub.Jobs;
using Perennial.Hub.Twins;

namespace Perennial.Server.Storage.Sql;

/// <summary>The jobs of one hub.</summary>
internal sealed class JobStore(SqlDatabase database, string hub, TimeProvider time) : IJobStore
{
    public Task<bool> TryCreateAsync(Job job, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (JobRows.Find(session, hub, job.Id) is not null)
            {
                return false;
            }

            JobRows.Upsert(session, hub, job);
            AuditRow.Write(session, time.GetUtcNow(), actor, "job.create", $"job '{job.Id}' of hub '{hub}'", before: null, job.Work.GetRawText());
            return true;
        },
        cancellationToken);

    public Task<Job?> FindAsync(JobId id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => JobRows.Find(session, hub, id), cancellationToken);

    public Task<IReadOnlyList<Job>> ListAsync(JobKind? kind, JobStatus? status, string? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync(session => JobRows.List(session, hub, kind, status, after, max), cancellationToken);

    public Task<IReadOnlyList<Job>> ListOpenAsync(int max, CancellationToken cancellationToken) =>
        database.ReadAsync(session => JobRows.ListOpen(session, hub, max), cancellationToken);

    public Task<Job?> ChangeAsync(JobId id, Func<Job, Job?> change, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var stored = JobRows.Find(session, hub, id);
            if (stored is null || change(stored) is not { } next)
            {
                return stored;
            }

            JobRows.Upsert(session, hub, next);
            return next;
        },
        cancellationToken);

    public Task GatherAsync(Job job, IReadOnlyList<DeviceId> devices, string? to, bool isAll, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (JobRows.Find(session, hub, job.Id) is not { IsOver: false } stored)
                {
                    return false;
                }

                foreach (var device in devices)
                {
                    JobRows.AddDevice(session, hub, job, device.Value, time.GetUtcNow());
                }

                JobRows.Upsert(session, hub, stored with { GatheredTo = to, IsGathered = isAll });
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<JobDevice>> ListDevicesAsync(JobId id, JobDeviceStatus status, int max, CancellationToken cancellationToken) =>
        database.ReadAsync(session => JobRows.ListDevices(session, hub, id, status, max), cancellationToken);

    public Task<IReadOnlyList<JobDevice>> ListDevicesAsync(JobId? id, string? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var (job, device) = after?.Split(' ', 2) is [var first, var second] ? (first, second) : (string.Empty, string.Empty);
                return id is null
                    ? JobRows.ListDevices(session, hub, job, device, max)
                    : JobRows.ListDevices(session, hub, id, device, max);
            },
            cancellationToken);

    public Task<bool> TryMoveAsync(JobDevice device, JobDeviceStatus from, CancellationToken cancellationToken) => database.WriteAsync(
        session => (from != JobDeviceStatus.Pending || JobRows.Find(session, hub, device.Job) is { IsOver: false })
            && JobRows.Move(session, hub, device, from),
        cancellationToken);

    public Task<TwinChange?> ChangeTwinAsync(JobDevice device, Func<Twin, TwinChange> change, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (JobRows.Find(session, hub, device.Job) is not { IsOver: false } || TwinRows.Find(session, hub, device.Device) is not { } twin)
                {
                    return null;
                }

                var outcome = change(twin);
                var failure = (outcome as TwinChange.Refused)?.Fault.Message;
                var done = device.End(failure is null ? JobDeviceStatus.Completed : JobDeviceStatus.Failed, at, failure);
                if (!JobRows.Move(session, hub, done, JobDeviceStatus.Pending))
                {
                    return null;
                }

                if (outcome is TwinChange.Changed changed)
                {
                    TwinRows.Upsert(session, hub, changed.Next);
                }

                return (TwinChange?)outcome;
            },
            cancellationToken);

    public Task SettleAsync(
        JobId id, JobDeviceStatus from, JobDeviceStatus to, DateTimeOffset at, string? failure, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepared(
                """
                UPDATE job_device SET status = $to, ended = $ended, failure = $failure WHERE hub = $hub AND job = $job AND status = $from
                """,
                ("$to", (int)to),
                ("$ended", at.UtcTicks),
                ("$failure", failure),
                ("$hub", hub),
                ("$job", id.Value),
                ("$from", (int)from)).ExecuteNonQuery(),
            cancellationToken);

    public Task<JobCounts> CountAsync(JobId id, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            using var reader = session.Prepared(
                "SELECT status, count(*) FROM job_device WHERE hub = $hub AND job = $job GROUP BY status", ("$hub", hub), ("$job", id.Value)).ExecuteReader();
            var counts = new long[Enum.GetValues<JobDeviceStatus>().Length];
            while (reader.Read())
            {
                counts[reader.GetInt32(0)] = reader.GetInt64(1);
            }

            return new JobCounts(
                counts[(int)JobDeviceStatus.Pending],
                counts[(int)JobDeviceStatus.Running],
                counts[(int)JobDeviceStatus.Completed],
                counts[(int)JobDeviceStatus.Failed] + counts[(int)JobDeviceStatus.Cancelled]);
        },
        cancellationToken);

    public Task ForgetAsync(DateTimeOffset endedBefore, int max, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            foreach (var id in Ended(session, endedBefore, max))
            {
                session.Prepared("DELETE FROM job_device WHERE hub = $hub AND job = $id", ("$hub", hub), ("$id", id)).ExecuteNonQuery();
                session.Prepared("DELETE FROM job WHERE hub = $hub AND id = $id", ("$hub", hub), ("$id", id)).ExecuteNonQuery();
            }

            return true;
        },
        cancellationToken);

    private List<string> Ended(SqlSession session, DateTimeOffset before, int max)
    {
        using var reader = session.Prepared(
            "SELECT id FROM job WHERE hub = $hub AND status > $running AND ended < $before LIMIT $max",
            ("$hub", hub),
            ("$running", (int)JobStatus.Running),
            ("$before", before.UtcTicks),
            ("$max", max)).ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }
}
