using System.Text.Json;
using Perennial.Hub.Access;
using Perennial.Hub.Jobs;
using Perennial.Server.Http;

namespace Perennial.Server.Tests.Hubs;

public sealed class JobHttpTests : IAsyncLifetime
{
    private TestHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.OpenAsync();
        foreach (var id in new[] { "a", "b", "c" })
        {
            await _hub.AddAsync(id, _hub.Credential());
        }
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_job_changes_the_twins_of_its_condition_and_tells_how_far_it_is()
    {
        Assert.Equal("scheduled", Status(await PutAsync("j1", Body("deviceId IN ['a','c']"))));
        await RunAsync("j1");
        var job = await AskAsync("j1", JobEndpoints.GetAsync);
        Assert.Equal("completed", Status(job));
        Assert.Equal("""{"deviceCount":2,"failedCount":0,"succeededCount":2,"runningCount":0,"pendingCount":0}""", job.Json.GetProperty("deviceJobStatistics").GetRawText());
        Assert.Equal((1, 0, 1), (await TagAsync("a"), await TagAsync("b"), await TagAsync("c")));
        await RunAsync("j1");
        Assert.Equal(3, (await _hub.Hub.Twins.FindAsync(TestHub.Id("a"), Stop))!.Version);

        var rows = await new HubHttp(_hub).AskAsync(
            QueryEndpoint.RunAsync, HubPermissions.ServiceConnect, "/devices/query", """{"query":"SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'j1'"}""");
        Assert.Equal("DeviceJob", rows.Headers["x-ms-item-type"]);
        Assert.Equal(["a completed", "c completed"], rows.Json.EnumerateArray().Select(row => $"{row.GetProperty("deviceId")} {row.GetProperty("status")}"));
    }

    [Fact]
    public async Task Each_kind_of_mistake_is_told_apart()
    {
        Assert.Equal(200, (await PutAsync("j", Body("*"))).Status);
        Assert.Equal((409, "JobAlreadyExists"), Code(await PutAsync("j", Body("*"))));
        Assert.Equal((400, "ArgumentInvalid"), Code(await PutAsync("k", Body("deviceId LIKE 'a'"))));
        Assert.Equal((400, "ArgumentInvalid"), Code(await PutAsync("k", """{"type":"paint"}""")));
        Assert.Equal((400, "ArgumentInvalid"), Code(await PutAsync("k", """{"type":"scheduleUpdateTwin"}""")));
        Assert.Equal((400, "ArgumentInvalid"), Code(await PutAsync("k", """{"type":"scheduleUpdateTwin","updateTwin":{"tags":{"a b":1}}}""")));
        Assert.Equal((400, "ArgumentInvalid"), Code(await PutAsync("k", Body("*", start: _hub.Time.GetUtcNow().AddDays(8)))));
        Assert.Equal((400, "ArgumentInvalid"), Code(await PutAsync("no job", Body("*"))));
        Assert.Equal((404, "JobNotFound"), Code(await AskAsync("k", JobEndpoints.CancelAsync)));
        var unknown = await AskAsync("k", JobEndpoints.GetAsync);
        Assert.Equal((200, "unknown"), (unknown.Status, Status(unknown)));
    }

    [Fact]
    public async Task A_cancelled_job_does_nothing_more()
    {
        await PutAsync("j", Body("*", start: _hub.Time.GetUtcNow().AddHours(1)));
        Assert.Equal("cancelled", Status(await AskAsync("j", JobEndpoints.CancelAsync)));
        await RunAsync("j");
        Assert.Equal(0, await TagAsync("a"));
        Assert.Equal("cancelled", Status(await AskAsync("j", JobEndpoints.GetAsync)));
    }

    [Fact]
    public async Task Jobs_are_listed_by_type_and_status()
    {
        await PutAsync("j1", Body("*"));
        await PutAsync("j2", Body("*", start: _hub.Time.GetUtcNow().AddHours(1)));
        await RunAsync("j1");
        var all = await ListAsync("");
        Assert.Equal(("JobResponse", "j1 completed,j2 scheduled"), (all.Headers["x-ms-item-type"], Shown(all)));
        Assert.Equal("j2 scheduled", Shown(await ListAsync("?jobStatus=scheduled&jobType=scheduleUpdateTwin")));
        Assert.Equal("", Shown(await ListAsync("?jobType=scheduleDeviceMethod")));
        Assert.Equal(400, (await ListAsync("?jobType=paint")).Status);

        static string Shown(HubHttp.Answer answer) =>
            string.Join(',', answer.Json.EnumerateArray().Select(job => $"{job.GetProperty("jobId")} {job.GetProperty("status")}"));
    }

    [Fact]
    public async Task A_job_begins_when_its_time_comes_and_fails_what_is_left_when_its_time_is_over()
    {
        await PutAsync("soon", Body("deviceId = 'a'", start: _hub.Time.GetUtcNow().AddSeconds(30), seconds: 10_000_000));
        await PutAsync("late", Body("deviceId = 'b'", seconds: 5));
        _hub.Time.Advance(TimeSpan.FromSeconds(10));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = _hub.Hub.OpenJobs(exception => Assert.Fail(exception.ToString()), _hub.Time).RunAsync(stop.Token);
        Assert.Equal("failed", await EndAsync("late"));
        Assert.Equal(0, await TagAsync("b"));
        Assert.Equal("scheduled", Status(await AskAsync("soon", JobEndpoints.GetAsync)));
        while (await StatusAsync("soon") != "completed")
        {
            // By small steps: however long the job takes to begin and to end, it is far from its own time limit.
            _hub.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(1, await TagAsync("a"));
        await stop.CancelAsync();
        await running;
    }

    private async Task<string> EndAsync(string id)
    {
        while (await StatusAsync(id) is "scheduled" or "running")
        {
            await Task.Yield();
        }

        return await StatusAsync(id);
    }

    private async Task<string> StatusAsync(string id) => Status(await AskAsync(id, JobEndpoints.GetAsync))!;

    private Task RunAsync(string id) => new RunJob(_hub.Hub.Jobs, _hub.Hub.Query, _hub.Hub.UpdateTwin, new NoCall(), _hub.Time).RunAsync(
        JobId.TryParse(id, out var job) ? job : throw new ArgumentException(id), Stop);

    private async Task<int> TagAsync(string id) =>
        (await _hub.Hub.Twins.FindAsync(TestHub.Id(id), Stop))!.Tags.TryGetProperty("job", out var tag) ? tag.GetInt32() : 0;

    private static string Body(string condition, DateTimeOffset? start = null, int seconds = 3600) => JsonSerializer.Serialize(new
    {
        type = "scheduleUpdateTwin",
        queryCondition = condition,
        startTime = start?.UtcDateTime.ToString("O"),
        maxExecutionTimeInSeconds = seconds,
        updateTwin = new { etag = "*", tags = new { job = 1 } },
    });

    private static string? Status(HubHttp.Answer answer) => answer.Json.GetProperty("status").GetString();

    private static (int Status, string? Error) Code(HubHttp.Answer answer) => (answer.Status, answer.Error);

    private Task<HubHttp.Answer> PutAsync(string id, string body) => AskAsync(id, call => JobEndpoints.PutAsync(call, _hub.Time), body);

    private Task<HubHttp.Answer> ListAsync(string query) =>
        new HubHttp(_hub).AskAsync(JobEndpoints.ListAsync, HubPermissions.ServiceConnect, "/jobs/v2/query", query: query);

    private Task<HubHttp.Answer> AskAsync(string id, Func<HubCall, Task<HubReply>> handle, string? body = null) =>
        new HubHttp(_hub).AskAsync(handle, HubPermissions.ServiceConnect, $"/jobs/{id}", body);

    private sealed class NoCall : IJobMethod
    {
        public string? Check(JsonElement call) => "no";

        public Task<JobMethodAnswer> CallAsync(Perennial.Hub.Devices.DeviceId device, JsonElement call, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No method is called here.");
    }
}
