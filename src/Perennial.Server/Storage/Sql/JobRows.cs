using System.Data.Common;
using System.Text.Json;
using Perennial.Hub.Jobs;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of jobs and of their devices.</summary>
internal static class JobRows
{
    private const string Columns = "id, kind, status, start, ended, document";

    private const string DeviceColumns = "job, id, kind, status, created, started, ended, answer, failure";

    public static Job? Find(SqlSession session, string hub, JobId id)
    {
        using var reader = session.Prepared(
            $"SELECT {Columns} FROM job WHERE hub = $hub AND id = $id", ("$hub", hub), ("$id", id.Value)).ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    public static IReadOnlyList<Job> List(SqlSession session, string hub, JobKind? kind, JobStatus? status, string? after, int max)
    {
        using var reader = session.Prepared(
            $"""
            SELECT {Columns} FROM job
            WHERE hub = $hub AND id > $after AND kind BETWEEN $leastKind AND $mostKind AND status BETWEEN $leastStatus AND $mostStatus
            ORDER BY id LIMIT $max
            """,
            ("$hub", hub),
            ("$after", after ?? string.Empty),
            ("$leastKind", (int?)kind ?? 0),
            ("$mostKind", (int?)kind ?? int.MaxValue),
            ("$leastStatus", (int?)status ?? 0),
            ("$mostStatus", (int?)status ?? int.MaxValue),
            ("$max", max)).ExecuteReader();
        return ReadAll(reader);
    }

    public static IReadOnlyList<Job> ListOpen(SqlSession session, string hub, int max)
    {
        using var reader = session.Prepared(
            $"SELECT {Columns} FROM job WHERE hub = $hub AND status <= $running ORDER BY start LIMIT $max",
            ("$hub", hub),
            ("$running", (int)JobStatus.Running),
            ("$max", max)).ExecuteReader();
        return ReadAll(reader);
    }

    public static void Upsert(SqlSession session, string hub, Job job) => session.Prepared(
        """
        INSERT INTO job (hub, id, kind, status, start, ended, document) VALUES ($hub, $id, $kind, $status, $start, $ended, $document)
        ON CONFLICT (hub, id) DO UPDATE SET status = excluded.status, ended = excluded.ended, document = excluded.document
        """,
        ("$hub", hub),
        ("$id", job.Id.Value),
        ("$kind", (int)job.Kind),
        ("$status", (int)job.Status),
        ("$start", job.Start.UtcTicks),
        ("$ended", job.Ended?.UtcTicks),
        ("$document", JsonSerializer.Serialize(JobDocument.From(job), StorageJson.Default.JobDocument))).ExecuteNonQuery();

    public static void AddDevice(SqlSession session, string hub, Job job, string device, DateTimeOffset at) => session.Prepared(
        """
        INSERT INTO job_device (hub, job, id, kind, status, created) VALUES ($hub, $job, $id, $kind, 0, $created)
        ON CONFLICT (hub, job, id) DO NOTHING
        """,
        ("$hub", hub),
        ("$job", job.Id.Value),
        ("$id", device),
        ("$kind", (int)job.Kind),
        ("$created", at.UtcTicks)).ExecuteNonQuery();

    /// <returns>Whether the device was of that status.</returns>
    public static bool Move(SqlSession session, string hub, JobDevice device, JobDeviceStatus from) => session.Prepared(
        """
        UPDATE job_device SET status = $status, started = $started, ended = $ended, answer = $answer, failure = $failure
        WHERE hub = $hub AND job = $job AND id = $id AND status = $from
        """,
        ("$status", (int)device.Status),
        ("$started", device.Started?.UtcTicks),
        ("$ended", device.Ended?.UtcTicks),
        ("$answer", device.Answer?.GetRawText()),
        ("$failure", device.Failure),
        ("$hub", hub),
        ("$job", device.Job.Value),
        ("$id", device.Device.Value),
        ("$from", (int)from)).ExecuteNonQuery() == 1;

    public static IReadOnlyList<JobDevice> ListDevices(SqlSession session, string hub, JobId id, JobDeviceStatus status, int max)
    {
        using var reader = session.Prepared(
            $"SELECT {DeviceColumns} FROM job_device WHERE hub = $hub AND job = $job AND status = $status ORDER BY id LIMIT $max",
            ("$hub", hub),
            ("$job", id.Value),
            ("$status", (int)status),
            ("$max", max)).ExecuteReader();
        return ReadDevices(reader);
    }

    /// <summary>Devices of one job, after this id.</summary>
    public static IReadOnlyList<JobDevice> ListDevices(SqlSession session, string hub, JobId id, string after, int max)
    {
        using var reader = session.Prepared(
            $"SELECT {DeviceColumns} FROM job_device WHERE hub = $hub AND job = $job AND id > $after ORDER BY id LIMIT $max",
            ("$hub", hub),
            ("$job", id.Value),
            ("$after", after),
            ("$max", max)).ExecuteReader();
        return ReadDevices(reader);
    }

    /// <summary>Devices of all jobs, after this job and id.</summary>
    public static IReadOnlyList<JobDevice> ListDevices(SqlSession session, string hub, string afterJob, string after, int max)
    {
        using var reader = session.Prepared(
            $"SELECT {DeviceColumns} FROM job_device WHERE hub = $hub AND (job, id) > ($job, $after) ORDER BY job, id LIMIT $max",
            ("$hub", hub),
            ("$job", afterJob),
            ("$after", after),
            ("$max", max)).ExecuteReader();
        return ReadDevices(reader);
    }

    private static List<Job> ReadAll(DbDataReader reader)
    {
        var jobs = new List<Job>();
        while (reader.Read())
        {
            jobs.Add(Read(reader));
        }

        return jobs;
    }

    private static Job Read(DbDataReader row) => JsonSerializer.Deserialize(row.GetString(5), StorageJson.Default.JobDocument)!.ToDomain(
        Id(row.GetString(0)), (JobKind)row.GetInt32(1), (JobStatus)row.GetInt32(2), Time(row, 3)!.Value, Time(row, 4));

    private static List<JobDevice> ReadDevices(DbDataReader row)
    {
        var devices = new List<JobDevice>();
        while (row.Read())
        {
            devices.Add(new JobDevice
            {
                Job = Id(row.GetString(0)),
                Device = DeviceRows.Id(row.GetString(1)),
                Kind = (JobKind)row.GetInt32(2),
                Status = (JobDeviceStatus)row.GetInt32(3),
                Created = Time(row, 4)!.Value,
                Started = Time(row, 5),
                Ended = Time(row, 6),
                Answer = row.IsDBNull(7) ? null : JsonElement.Parse(row.GetString(7)),
                Failure = row.IsDBNull(8) ? null : row.GetString(8),
            });
        }

        return devices;
    }

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);

    private static JobId Id(string text) =>
        JobId.TryParse(text, out var id) ? id : throw new InvalidDataException($"The database holds '{text}', which is not a job id.");
}
