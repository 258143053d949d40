using System.Text;
using System.Text.Json;
using Perennial.Hub.Methods;
using Perennial.Hub.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Hub.Tests.Methods;

public sealed class InvokeMethodTests
{
    private readonly World _world = new();
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_that_answers_is_heard()
    {
        var connection = await ConnectAsync("dev");
        connection.Calling = call => _world.Methods.Answer(World.Id("dev"), call.Id, 207, Encoding.UTF8.GetBytes($$"""{"got":{{Encoding.UTF8.GetString(call.Payload.Span)}}}"""));
        var answer = Assert.IsType<MethodOutcome.Answered>(await _world.Methods.RunAsync(World.Id("dev"), Ask("reboot", """{"a":1}"""), Stop));
        Assert.Equal((207, """{"got":{"a":1}}"""), (answer.Status, answer.Payload.GetRawText()));
        Assert.Equal("reboot", Assert.Single(connection.Calls).Name);
    }

    [Fact]
    public async Task An_empty_answer_is_null_and_what_is_no_json_is_a_bad_answer()
    {
        var connection = await ConnectAsync("dev");
        connection.Calling = call => _world.Methods.Answer(World.Id("dev"), call.Id, 200, []);
        Assert.Equal(JsonValueKind.Null, Assert.IsType<MethodOutcome.Answered>(await RunAsync()).Payload.ValueKind);
        connection.Calling = call => _world.Methods.Answer(World.Id("dev"), call.Id, 200, "oops"u8);
        Assert.IsType<MethodOutcome.BadAnswer>(await RunAsync());
        connection.Calling = call => _world.Methods.Answer(World.Id("dev"), call.Id, 200, Encoding.UTF8.GetBytes($"\"{new string('a', MethodRequest.MaxPayload)}\""));
        Assert.IsType<MethodOutcome.BadAnswer>(await RunAsync());
    }

    [Fact]
    public async Task Who_is_unknown_or_not_there_is_told_at_once()
    {
        Assert.IsType<MethodOutcome.NoDevice>(await RunAsync());
        await _world.AddAsync("dev");
        Assert.IsType<MethodOutcome.NotOnline>(await RunAsync());
    }

    [Fact]
    public async Task A_device_without_the_subscription_is_not_online()
    {
        var connection = await ConnectAsync("dev");
        connection.TakesMethods = false;
        Assert.IsType<MethodOutcome.NotOnline>(await RunAsync());
        Assert.Empty(connection.Calls);
    }

    [Fact]
    public async Task A_caller_is_told_before_the_response_time_is_over_and_a_late_answer_is_dropped()
    {
        var connection = await ConnectAsync("dev");
        var running = RunAsync();
        _world.Time.Advance(TimeSpan.FromSeconds(29.4));
        Assert.False(running.IsCompleted);
        _world.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.IsType<MethodOutcome.NoAnswer>(await running);
        _world.Methods.Answer(World.Id("dev"), Assert.Single(connection.Calls).Id, 200, "1"u8);
    }

    [Fact]
    public async Task A_device_that_comes_within_the_connect_time_is_asked()
    {
        await AddAsync("dev");
        var running = RunAsync(connectTime: 10);
        var other = RunAsync(connectTime: 20);
        _world.Time.Advance(TimeSpan.FromSeconds(9));
        var connection = await _world.ConnectAsync("dev", World.With(_leaf));
        connection.Calling = call => _world.Methods.Answer(World.Id("dev"), call.Id, 200, "1"u8);
        connection.TakesMethods = true;
        _world.Methods.NoteReady(World.Id("dev"));
        Assert.IsType<MethodOutcome.Answered>(await running);
        Assert.IsType<MethodOutcome.Answered>(await other);
    }

    [Fact]
    public async Task One_that_gives_up_waiting_leaves_the_others_waiting()
    {
        await AddAsync("dev");
        var brief = RunAsync(connectTime: 5);
        var patient = RunAsync(connectTime: 20);
        _world.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.IsType<MethodOutcome.NotOnline>(await brief);
        var connection = await _world.ConnectAsync("dev", World.With(_leaf));
        connection.Calling = call => _world.Methods.Answer(World.Id("dev"), call.Id, 200, "1"u8);
        connection.TakesMethods = true;
        _world.Methods.NoteReady(World.Id("dev"));
        Assert.IsType<MethodOutcome.Answered>(await patient);
    }

    [Fact]
    public async Task Calls_run_side_by_side_and_each_gets_its_answer()
    {
        var connection = await ConnectAsync("dev");
        var running = Enumerable.Range(0, 20).Select(i => _world.Methods.RunAsync(World.Id("dev"), Ask("m", $"{i}"), Stop)).ToList();
        Assert.Equal(20, connection.Calls.Count);
        foreach (var call in connection.Calls.Reverse())
        {
            _world.Methods.Answer(World.Id("dev"), call.Id, 200, call.Payload.Span);
        }

        var answers = await Task.WhenAll(running);
        Assert.Equal(Enumerable.Range(0, 20), answers.Select(answer => ((MethodOutcome.Answered)answer).Payload.GetInt32()));
    }

    [Fact]
    public async Task A_device_does_not_answer_for_another()
    {
        var connection = await ConnectAsync("dev");
        var running = RunAsync();
        var call = Assert.Single(connection.Calls);
        _world.Methods.Answer(World.Id("other"), call.Id, 500, "0"u8);
        _world.Methods.Answer(World.Id("dev"), call.Id, 200, "1"u8);
        Assert.Equal(200, Assert.IsType<MethodOutcome.Answered>(await running).Status);
    }

    private Task<MethodOutcome> RunAsync(int connectTime = 0) =>
        _world.Methods.RunAsync(World.Id("dev"), Ask("m", "null", connectTime), Stop);

    private static MethodRequest Ask(string name, string payload, int connectTime = 0) =>
        MethodRequest.TryCreate(name, World.Json(payload), null, TimeSpan.FromSeconds(connectTime), out var request, out var fault)
            ? request
            : throw new ArgumentException(fault.Message);

    private Task AddAsync(string id) => _world.AddAsync(id, World.Thumbprints(_leaf.Certificate.Thumbprint.ToString()));

    private async Task<MemoryConnection> ConnectAsync(string id)
    {
        await AddAsync(id);
        var connection = await _world.ConnectAsync(id, World.With(_leaf));
        connection.TakesMethods = true;
        return connection;
    }
}
