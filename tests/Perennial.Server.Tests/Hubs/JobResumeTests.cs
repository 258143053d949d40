using System.Collections.Concurrent;
using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Jobs;

namespace Perennial.Server.Tests.Hubs;

public sealed class JobResumeTests : IAsyncLifetime
{
    private static readonly string[] Devices = ["a", "b", "c", "d"];

    private readonly CountedMethods _methods = new();
    private TestHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.OpenAsync();
        foreach (var id in Devices)
        {
            await _hub.AddAsync(id, _hub.Credential());
        }
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_twin_job_that_breaks_off_anywhere_changes_each_twin_once(bool isDone)
    {
        var round = 0;
        while (await BreakAndGoOnAsync(JobKind.UpdateTwin, ++round, isDone) is { } counts)
        {
            Assert.Equal(new JobCounts(0, 0, Devices.Length, 0), counts);
            foreach (var id in Devices)
            {
                Assert.Equal(2 + round, (await _hub.Hub.Twins.FindAsync(TestHub.Id(id), Stop))!.Version);
            }
        }

        Assert.InRange(round, 10, 100);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_method_job_that_breaks_off_anywhere_calls_no_device_twice_and_leaves_none_out(bool isDone)
    {
        var round = 0;
        while (await BreakAndGoOnAsync(JobKind.DeviceMethod, ++round, isDone) is { } counts)
        {
            Assert.Equal((0, 0, Devices.Length), (counts.Pending, counts.Running, (int)counts.Total));
            Assert.All(_methods.Calls, call => Assert.Equal(1, call.Value));
            Assert.InRange(_methods.Calls.Count, counts.Succeeded, Devices.Length);
            _methods.Calls.Clear();
        }

        Assert.InRange(round, 10, 100);
    }

    /// <returns>How the job ended; null once it ends before it breaks.</returns>
    private async Task<JobCounts?> BreakAndGoOnAsync(JobKind kind, int step, bool isDone)
    {
        var id = JobId.TryParse($"job-{step}", out var parsed) ? parsed : throw new InvalidOperationException();
        await _hub.Hub.Jobs.TryCreateAsync(
            new Job
            {
                Id = id,
                Kind = kind,
                Condition = "deviceId IN ['a', 'b', 'c', 'd']",
                Work = JsonElement.Parse($$$"""{"tags":{"round":{{{step}}}}}"""),
                Created = _hub.Time.GetUtcNow(),
                Start = _hub.Time.GetUtcNow(),
                Longest = TimeSpan.FromHours(1),
            },
            "test",
            Stop);
        var breaking = new BreakingJobs(_hub.Hub.Jobs, step, isDone);
        await Run(breaking).RunAsync(id, Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!breaking.HasBroken)
        {
            return null;
        }

        await Run(_hub.Hub.Jobs).RunAsync(id, Stop);
        Assert.Equal(JobStatus.Completed, (await _hub.Hub.Jobs.FindAsync(id, Stop))!.Status);
        return await _hub.Hub.Jobs.CountAsync(id, Stop);
    }

    private RunJob Run(IJobStore jobs) => new(jobs, _hub.Hub.Query, _hub.Hub.UpdateTwin, _methods, _hub.Time);

    private sealed class CountedMethods : IJobMethod
    {
        public ConcurrentDictionary<DeviceId, int> Calls { get; } = new();

        public string? Check(JsonElement call) => null;

        public Task<JobMethodAnswer> CallAsync(DeviceId device, JsonElement call, CancellationToken cancellationToken)
        {
            Calls.AddOrUpdate(device, 1, (_, calls) => calls + 1);
            return Task.FromResult(new JobMethodAnswer(JsonElement.Parse("""{"status":200}"""), null));
        }
    }
}
