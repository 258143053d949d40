using System.Text;
using System.Text.Json;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Hubs;

public sealed class TelemetryHttpTests : IAsyncLifetime
{
    private TestHub _hub = null!;
    private HubHttp _http = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.OpenAsync();
        _http = new HubHttp(_hub);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_message_is_stored_with_its_headers_and_read_from_the_feed()
    {
        var sent = await _http.SendAsync("dev1", _hub.Leaf, "hi"u8.ToArray(), new Dictionary<string, string>
        {
            ["iothub-messageid"] = "m1",
            ["IoTHub-App-p"] = "v w",
            ["iothub-contenttype"] = "text/plain",
            ["user-agent"] = "x",
        });
        Assert.Equal((204, ""), (sent.Status, sent.Body));
        Assert.Equal(_hub.Time.GetUtcNow(), _hub.Hub.Sessions.StateOf(TestHub.Id("dev1")).LastActivity);
        var feed = await _http.FeedAsync("?from=1");
        Assert.Equal("application/x-ndjson", feed.Headers["Content-Type"]);
        var line = JsonElement.Parse(Assert.Single(feed.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal((1, "dev1", "hi"), (
            line.GetProperty("sequence").GetInt64(), line.GetProperty("deviceId").GetString(), Encoding.UTF8.GetString(line.GetProperty("body").GetBytesFromBase64())));
        Assert.Equal("""{"p":"v w"}""", line.GetProperty("properties").GetProperty("application").GetRawText());
        var system = line.GetProperty("properties").GetProperty("system");
        Assert.Equal("m1", system.GetProperty("message-id").GetString());
        Assert.Equal("dev1", system.GetProperty("iothub-connection-device-id").GetString());
        Assert.Equal("""{"scope":"device","type":"x509","issuer":"iothub"}""", system.GetProperty("iothub-connection-auth-method").GetString());
        Assert.Equal("Telemetry", system.GetProperty("iothub-message-source").GetString());
    }

    [Fact]
    public async Task A_batch_is_stored_whole_or_not_at_all()
    {
        var batch = new Dictionary<string, string> { ["Content-Type"] = "application/vnd.microsoft.iothub.json" };
        Assert.Equal(204, (await _http.SendAsync(
            "dev1", _hub.Leaf, """[{"body":"aGk=","properties":{"iothub-app-p":"v"}},{"body":"ho","base64Encoded":false}]"""u8.ToArray(), batch)).Status);
        Assert.Equal(400, (await _http.SendAsync("dev1", _hub.Leaf, """[{"body":"aGk="},{"body":"!"}]"""u8.ToArray(), batch)).Status);
        var stored = await _hub.Hub.Feed.ReadAsync(1, 10, TestContext.Current.CancellationToken);
        Assert.Equal(["hi", "ho"], stored.Select(entry => Encoding.UTF8.GetString(entry.Message.Body.Span)));
    }

    [Fact]
    public async Task Whoever_is_not_the_device_is_told_401()
    {
        var other = TestAuthority.CreateSelfSignedLeaf("dev1");
        foreach (var answer in new[]
        {
            await _http.SendAsync("dev1", other, [1]),
            await _http.SendAsync("dev1", null, [1]),
            await _http.SendAsync("nobody", _hub.Leaf, [1]),
            await _http.SendAsync("dev1", _hub.Leaf, [1], new Dictionary<string, string> { ["Authorization"] = "Bearer x" }),
        })
        {
            Assert.Equal((401, "IotHubUnauthorized"), (answer.Status, answer.Error));
        }
    }

    [Fact]
    public async Task A_message_of_more_than_256_KB_is_told_413()
    {
        Assert.Equal(204, (await _http.SendAsync("dev1", _hub.Leaf, new byte[256 * 1024])).Status);
        var answer = await _http.SendAsync("dev1", _hub.Leaf, new byte[(256 * 1024) + 1]);
        Assert.Equal((413, "MessageTooLarge"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task The_feed_is_read_from_a_sequence_on_and_needs_the_right()
    {
        for (byte i = 0; i < 5; i++)
        {
            await _http.SendAsync("dev1", _hub.Leaf, [i]);
        }

        Assert.Equal(2, (await _http.FeedAsync("?from=3&max=2&wait=5")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal((200, ""), ((await _http.FeedAsync("?from=6")).Status, (await _http.FeedAsync("?from=6")).Body));
        Assert.Equal(401, (await _http.FeedAsync("?from=1", "device")).Status);
        Assert.Equal(401, (await _http.FeedAsync("?from=1", name: "other")).Status);
    }
}
