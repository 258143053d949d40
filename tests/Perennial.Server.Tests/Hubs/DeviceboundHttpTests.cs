using Perennial.Hub.Access;
using Perennial.Hub.Devicebound;
using Perennial.Server.Http;

namespace Perennial.Server.Tests.Hubs;

public sealed class DeviceboundHttpTests : IAsyncLifetime
{
    private TestHub _hub = null!;
    private HubHttp _http = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.OpenAsync();
        _http = new HubHttp(_hub);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_message_comes_with_its_properties_and_is_completed_by_its_lock()
    {
        await _hub.Hub.Send.RunAsync(
            new OutgoingMessage
            {
                Device = TestHub.Id("dev1"),
                MessageId = "m1",
                Feedback = RequestedFeedback.Full,
                SystemProperties = new Dictionary<string, string?> { ["correlation-id"] = "c1" },
                Properties = new Dictionary<string, string?> { ["p"] = "v w" },
                Body = "hi"u8.ToArray(),
            },
            Stop);
        var received = await ReceiveAsync();
        Assert.Equal((200, "hi"), (received.Status, received.Body));
        Assert.Equal(
            ["m1", "c1", "/devices/dev1/messages/devicebound", "full", "v w", "1", "1", "2030-01-01T00:00:00.0000000Z"],
            new[]
            {
                "iothub-messageid", "iothub-correlationid", "iothub-to", "iothub-ack", "iothub-app-p", "iothub-sequencenumber",
                "iothub-deliverycount", "iothub-enqueuedtime",
            }.Select(name => received.Headers[name]));
        Assert.Equal(204, (await ReceiveAsync()).Status);
        Assert.Equal(204, (await SettleAsync(received)).Status);
        var again = await SettleAsync(received);
        Assert.Equal((412, "DeviceMessageLockLost"), (again.Status, again.Error));
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_and_a_rejected_one_does_not()
    {
        await _hub.SendAsync("hi", "m1", RequestedFeedback.Negative);
        Assert.Equal(204, (await AskAsync(DeviceboundEndpoints.AbandonAsync, Lock(await ReceiveAsync()))).Status);
        var second = await ReceiveAsync();
        Assert.Equal("2", second.Headers["iothub-deliverycount"]);
        Assert.Equal(204, (await SettleAsync(second, "?reject&api-version=2021-04-12")).Status);
        Assert.Equal(204, (await ReceiveAsync()).Status);
        _hub.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(MessageEnd.Rejected, Assert.Single((await _hub.Hub.Feedback.TakeAsync(Stop))!.Records).End);
    }

    [Fact]
    public async Task A_lock_lasts_as_long_as_asked()
    {
        await _hub.SendAsync("hi", "m1");
        var received = await ReceiveAsync(new Dictionary<string, string> { ["iothub-messagelocktimeout"] = "10" });
        _hub.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(204, (await ReceiveAsync()).Status);
        _hub.Time.Advance(TimeSpan.FromSeconds(1));
        var again = await ReceiveAsync();
        Assert.Equal(412, (await SettleAsync(received)).Status);
        Assert.Equal(412, (await AskAsync(DeviceboundEndpoints.SettleAsync, "no-guid")).Status);
        _hub.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(204, (await SettleAsync(again)).Status);
    }

    [Fact]
    public async Task Only_the_device_receives()
    {
        await _hub.SendAsync("hi", "m1");
        var answer = await _http.AskAsDeviceAsync("dev1", null, DeviceboundEndpoints.ReceiveAsync, "messages/devicebound");
        Assert.Equal((401, "IotHubUnauthorized"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task File_upload_is_told_to_be_unsupported()
    {
        var answer = await AskAsync(FileEndpoints.RefuseAsync, "files");
        Assert.Equal((400, "InvalidOperation"), (answer.Status, answer.Error));
        Assert.StartsWith("ErrorCode:InvalidOperation;File upload is not supported", answer.Json.GetProperty("Message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_purge_tells_how_many_messages_there_were()
    {
        await _hub.SendAsync("1", "m1", RequestedFeedback.Full);
        await _hub.SendAsync("2", "m2");
        foreach (var (handle, path) in new[] { ((Func<HubCall, Task<HubReply>>)RegistryEndpoints.GetAsync, "/devices/dev1"), (TwinEndpoints.GetAsync, "/twins/dev1") })
        {
            var shown = await _http.AskAsync(handle, HubPermissions.ServiceConnect, path);
            Assert.Equal(2, shown.Json.GetProperty("cloudToDeviceMessageCount").GetInt32());
        }

        var purged = await _http.AskAsync(FeedbackEndpoints.PurgeAsync, HubPermissions.ServiceConnect, "/devices/dev1/commands");
        Assert.Equal("""{"totalMessagesPurged":2,"deviceId":"dev1","moduleId":null}""", purged.Body);
        Assert.Equal(404, (await _http.AskAsync(FeedbackEndpoints.PurgeAsync, HubPermissions.ServiceConnect, "/devices/nobody/commands")).Status);
        Assert.Equal(204, (await ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Feedback_is_an_array_until_it_is_completed()
    {
        var generation = (await _hub.Hub.Devices.FindAsync(TestHub.Id("dev1"), Stop))!.GenerationId;
        await _hub.SendAsync("1", "m1", RequestedFeedback.Positive);
        await SettleAsync(await ReceiveAsync());
        Assert.Equal(204, (await FeedbackAsync(FeedbackEndpoints.ReceiveAsync)).Status);
        _hub.Time.Advance(TimeSpan.FromSeconds(15));
        var first = await FeedbackAsync(FeedbackEndpoints.ReceiveAsync);
        Assert.Equal("application/vnd.microsoft.iothub.feedback.json", first.Headers["Content-Type"]);
        Assert.Equal(
            $$"""[{"originalMessageId":"m1","enqueuedTimeUtc":"2030-01-01T00:00:00.0000000Z","statusCode":"Success","description":"Success","deviceId":"dev1","deviceGenerationId":"{{generation}}"}]""",
            first.Body);
        Assert.Equal(204, (await FeedbackAsync(FeedbackEndpoints.AbandonAsync, Lock(first))).Status);
        var second = await FeedbackAsync(FeedbackEndpoints.ReceiveAsync);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(204, (await FeedbackAsync(FeedbackEndpoints.CompleteAsync, Lock(second))).Status);
        Assert.Equal(412, (await FeedbackAsync(FeedbackEndpoints.CompleteAsync, Lock(second))).Status);
    }

    [Fact]
    public async Task A_message_nobody_comes_for_expires_and_its_sender_is_told()
    {
        await _hub.SendAsync("1", "m1", RequestedFeedback.Full);
        _hub.Time.Advance(TimeSpan.FromHours(1));
        await _hub.Hub.Sweep.RunAsync(Stop);
        Assert.Empty(await _hub.Hub.Devicebound.CountAsync([TestHub.Id("dev1")], Stop));
        _hub.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(MessageEnd.Expired, Assert.Single((await _hub.Hub.Feedback.TakeAsync(Stop))!.Records).End);
        _hub.Time.Advance(TimeSpan.FromHours(2));
        await _hub.Hub.Sweep.RunAsync(Stop);
        Assert.Null(await _hub.Hub.Feedback.TakeAsync(Stop));
    }

    [Fact]
    public async Task Sending_has_its_bounds()
    {
        Assert.Equal(SendOutcome.UnknownDevice, await SendAsync("nobody", 1));
        Assert.Equal(SendOutcome.TooLarge, await SendAsync("dev1", (64 * 1024) + 1));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(SendOutcome.Stored, await SendAsync("dev1", i == 0 ? 64 * 1024 : 1));
        }

        Assert.Equal(SendOutcome.QueueFull, await SendAsync("dev1", 1));
        await SettleAsync(await ReceiveAsync());
        Assert.Equal(SendOutcome.Stored, await SendAsync("dev1", 1));
    }

    private Task<SendOutcome> SendAsync(string device, int length) =>
        _hub.Hub.Send.RunAsync(new OutgoingMessage { Device = TestHub.Id(device), Body = new byte[length] }, Stop);

    private Task<HubHttp.Answer> ReceiveAsync(IReadOnlyDictionary<string, string>? headers = null) =>
        _http.AskAsDeviceAsync("dev1", _hub.Leaf, DeviceboundEndpoints.ReceiveAsync, "messages/devicebound", headers: headers);

    private Task<HubHttp.Answer> SettleAsync(HubHttp.Answer received, string query = "") =>
        AskAsync(DeviceboundEndpoints.SettleAsync, Lock(received), query);

    private Task<HubHttp.Answer> AskAsync(Func<DeviceCall, Task<HubReply>> handle, string last, string query = "") =>
        _http.AskAsDeviceAsync("dev1", _hub.Leaf, handle, $"messages/devicebound/{last}", query: query);

    private Task<HubHttp.Answer> FeedbackAsync(Func<HubCall, Task<HubReply>> handle, string last = "feedback") =>
        _http.AskAsync(handle, HubPermissions.ServiceConnect, $"/messages/serviceBound/feedback/{last}", policy: "service");

    private static string Lock(HubHttp.Answer received) => received.Headers["ETag"].Trim('"');
}
