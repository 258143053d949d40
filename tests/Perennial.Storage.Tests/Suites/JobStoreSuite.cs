using System.Text.Json;
using Perennial.Hub.Jobs;
using Perennial.Hub.Twins;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of jobs does.</summary>
public abstract class JobStoreSuite(Stores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IJobStore Jobs => stores.Jobs("hub");

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Everything_of_a_job_comes_back_and_an_id_is_taken_once()
    {
        var job = Sample("j1") with { Status = JobStatus.Failed, Ended = Samples.At.AddHours(2), Failure = "why", GatheredTo = "dev", IsGathered = true };
        Assert.True(await Jobs.TryCreateAsync(job, "op", Stop));
        Assert.False(await Jobs.TryCreateAsync(Sample("j1"), "op", Stop));
        var found = (await Jobs.FindAsync(job.Id, Stop))!;
        Assert.Equal(job.Work.GetRawText(), found.Work.GetRawText());
        Assert.Equal(job, found with { Work = job.Work });
        Assert.Null(await stores.Jobs("other").FindAsync(job.Id, Stop));
    }

    [Fact]
    public async Task Jobs_are_listed_by_kind_and_status_page_by_page()
    {
        await Jobs.TryCreateAsync(Sample("a"), "op", Stop);
        await Jobs.TryCreateAsync(Sample("b") with { Kind = JobKind.DeviceMethod, Start = Samples.At.AddDays(-1) }, "op", Stop);
        await Jobs.TryCreateAsync(Sample("c") with { Status = JobStatus.Completed }, "op", Stop);
        Assert.Equal("a b c", Ids(await Jobs.ListAsync(null, null, null, 10, Stop)));
        Assert.Equal("b", Ids(await Jobs.ListAsync(JobKind.DeviceMethod, null, null, 10, Stop)));
        Assert.Equal("c", Ids(await Jobs.ListAsync(null, JobStatus.Completed, null, 10, Stop)));
        Assert.Equal("b", Ids(await Jobs.ListAsync(null, null, "a", 1, Stop)));
        Assert.Equal("b a", Ids(await Jobs.ListOpenAsync(10, Stop)));
    }

    [Fact]
    public async Task Devices_are_written_down_once_and_counted()
    {
        var job = await CreateAsync("j", "a", "b", "c");
        await Jobs.GatherAsync(job, [HubSamples.Id("c"), HubSamples.Id("d")], "d", true, Stop);
        Assert.Equal(new JobCounts(4, 0, 0, 0), await Jobs.CountAsync(job.Id, Stop));
        Assert.Equal(("d", true), ((await Jobs.FindAsync(job.Id, Stop))!.GatheredTo, (await Jobs.FindAsync(job.Id, Stop))!.IsGathered));
        Assert.Equal("a b", Ids(await Jobs.ListDevicesAsync(job.Id, JobDeviceStatus.Pending, 2, Stop)));
        await CreateAsync("k", "a");
        Assert.Equal("c d", Ids(await Jobs.ListDevicesAsync(job.Id, "j b", 10, Stop)));
        Assert.Equal("c d a", Ids(await Jobs.ListDevicesAsync(null, "j b", 10, Stop)));
    }

    [Fact]
    public async Task Of_many_that_take_a_device_one_gets_it()
    {
        var job = await CreateAsync("j", "a");
        var device = (await Jobs.ListDevicesAsync(job.Id, JobDeviceStatus.Pending, 1, Stop))[0];
        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            Jobs.TryMoveAsync(device with { Status = JobDeviceStatus.Running, Started = Samples.At }, JobDeviceStatus.Pending, Stop)));
        Assert.Single(taken, won => won);
        var done = device.End(JobDeviceStatus.Completed, Samples.At) with { Answer = JsonElement.Parse("""{"status":200}""") };
        Assert.True(await Jobs.TryMoveAsync(done, JobDeviceStatus.Running, Stop));
        Assert.Equal("""{"status":200}""", (await Jobs.ListDevicesAsync(job.Id, null, 1, Stop))[0].Answer!.Value.GetRawText());
    }

    [Fact]
    public async Task A_twin_is_changed_by_a_job_once_and_by_a_job_that_is_over_never()
    {
        var job = await CreateAsync("j", "a", "b");
        var devices = await Jobs.ListDevicesAsync(job.Id, JobDeviceStatus.Pending, 2, Stop);
        Assert.IsType<TwinChange.Changed>(await ChangeAsync(devices[0]));
        Assert.Null(await ChangeAsync(devices[0]));
        Assert.Equal(3, (await stores.Twins("hub").FindAsync(HubSamples.Id("a"), Stop))!.Version);
        await Jobs.ChangeAsync(job.Id, stored => stored.End(JobStatus.Cancelled, Samples.At), Stop);
        Assert.Null(await ChangeAsync(devices[1]));
        Assert.False(await Jobs.TryMoveAsync(devices[1] with { Status = JobDeviceStatus.Running }, JobDeviceStatus.Pending, Stop));
        Assert.Equal(2, (await stores.Twins("hub").FindAsync(HubSamples.Id("b"), Stop))!.Version);
        Assert.Equal(new JobCounts(1, 0, 1, 0), await Jobs.CountAsync(job.Id, Stop));
    }

    [Fact]
    public async Task What_waits_is_settled_together_and_old_jobs_are_forgotten_with_their_devices()
    {
        var job = await CreateAsync("j", "a", "b");
        await Jobs.SettleAsync(job.Id, JobDeviceStatus.Pending, JobDeviceStatus.Cancelled, Samples.At, "why", Stop);
        Assert.Equal(new JobCounts(0, 0, 0, 2), await Jobs.CountAsync(job.Id, Stop));
        await Jobs.ForgetAsync(Samples.At.AddDays(1), 10, Stop);
        Assert.NotNull(await Jobs.FindAsync(job.Id, Stop));
        await Jobs.ChangeAsync(job.Id, stored => stored.End(JobStatus.Completed, Samples.At), Stop);
        await Jobs.ForgetAsync(Samples.At.AddDays(1), 10, Stop);
        Assert.Null(await Jobs.FindAsync(job.Id, Stop));
        Assert.Empty(await Jobs.ListDevicesAsync(job.Id, null, 10, Stop));
    }

    private Task<TwinChange?> ChangeAsync(JobDevice device) => Jobs.ChangeTwinAsync(
        device, twin => twin.Merge(HubSamples.Patch("""{"x":1}"""), null, Samples.At), Samples.At, Stop);

    private async Task<Job> CreateAsync(string id, params string[] devices)
    {
        var job = Sample(id);
        await Jobs.TryCreateAsync(job, "op", Stop);
        foreach (var device in devices)
        {
            await stores.Devices("hub").TryCreateAsync(HubSamples.Device(device), "op", Stop);
        }

        await Jobs.GatherAsync(job, [.. devices.Select(HubSamples.Id)], devices[^1], false, Stop);
        return job;
    }

    private static Job Sample(string id) => new()
    {
        Id = JobId.TryParse(id, out var parsed) ? parsed : throw new ArgumentException(id),
        Kind = JobKind.UpdateTwin,
        Condition = "tags.x = 1",
        Work = JsonElement.Parse("""{"tags":{"x":1}}"""),
        Created = Samples.At,
        Start = Samples.At.AddHours(1),
        Longest = TimeSpan.FromMinutes(5),
    };

    private static string Ids(IEnumerable<Job> jobs) => string.Join(' ', jobs.Select(job => job.Id));

    private static string Ids(IEnumerable<JobDevice> devices) => string.Join(' ', devices.Select(device => device.Device));
}
