using System.Text;
using System.Text.Json;
using Perennial.Hub.Access;
using Perennial.Server.Http;

namespace Perennial.Server.Tests.Hubs;

/// <summary>Direct methods from HTTPS to a device over MQTT and back.</summary>
public sealed class MethodTests : IAsyncLifetime
{
    private TestHub _hub = null!;
    private HubHttp _http = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.OpenAsync();
        _http = new HubHttp(_hub);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("dev1", "/twins/dev1/methods")]
    [InlineData("dev1/m", "/twins/dev1/modules/m/methods")]
    public async Task A_device_and_a_module_answer(string id, string path)
    {
        var device = await ConnectAsync(id);
        var asked = AskAsync(path, """{"methodName":"reboot","payload":{"a":1},"responseTimeoutInSeconds":5}""");
        var (topic, body) = await ReceiveCallAsync(device);
        Assert.StartsWith("$iothub/methods/POST/reboot/?$rid=", topic, StringComparison.Ordinal);
        Assert.Equal("""{"a":1}""", body);
        var rid = topic[(topic.IndexOf('=', StringComparison.Ordinal) + 1)..];
        Assert.Matches("^[0-9a-f]+$", rid);
        await device.SendAsync(Packets.Publish($"$iothub/methods/res/418/?$rid={rid}", Encoding.UTF8.GetBytes("""{"ü":[1]}"""), 7));
        Assert.Equal([0x40, 2, 0, 7], await device.ReceiveAsync(4));
        var answer = await asked;
        Assert.Equal((200, """{"status":418,"payload":{"\u00FC":[1]}}"""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Without_a_payload_the_device_gets_null_and_an_empty_answer_is_null()
    {
        var device = await ConnectAsync("dev1");
        var asked = AskAsync("/twins/dev1/methods", """{"methodName":"m"}""");
        var (topic, body) = await ReceiveCallAsync(device);
        Assert.Equal("null", body);
        await device.SendAsync(Packets.Publish(topic.Replace("POST/m", "res/200", StringComparison.Ordinal), [], 1));
        Assert.Equal("""{"status":200,"payload":null}""", (await asked).Body);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_as_azure_tells_it()
    {
        Assert.Equal((404, "DeviceNotFound"), Code(await AskAsync("/twins/nobody/methods", """{"methodName":"m"}""")));
        Assert.Equal((404, "ModuleNotFound"), Code(await AskAsync("/twins/dev1/modules/x/methods", """{"methodName":"m"}""")));
        Assert.Equal((400, "ArgumentInvalid"), Code(await AskAsync("/twins/dev1/methods", """{"methodName":"m","responseTimeoutInSeconds":5,"connectTimeoutInSeconds":6}""")));
        Assert.Equal((413, "MessageTooLarge"), Code(await AskAsync("/twins/dev1/methods", $$"""{"methodName":"m","payload":"{{new string('a', 128 * 1024)}}"}""")));
        var offline = await AskAsync("/twins/dev1/methods", """{"methodName":"m"}""");
        Assert.Equal((404, "DeviceNotOnline"), Code(offline));
        Assert.Equal(404103, JsonElement.Parse(offline.Json.GetProperty("Message").GetString()!).GetProperty("errorCode").GetInt32());

        var device = await ConnectAsync("dev1");
        var bad = AskAsync("/twins/dev1/methods", """{"methodName":"m"}""");
        var (topic, _) = await ReceiveCallAsync(device);
        await device.SendAsync(Packets.Publish(topic.Replace("POST/m", "res/200", StringComparison.Ordinal), "oops"u8.ToArray(), 1));
        Assert.Equal(502, (await bad).Status);
    }

    [Fact]
    public async Task A_device_that_does_not_answer_is_not_waited_for_longer_than_asked()
    {
        var device = await ConnectAsync("dev1");
        var before = _hub.Time.Count;
        var asked = AskAsync("/twins/dev1/methods", """{"methodName":"m","responseTimeoutInSeconds":5}""");
        await ReceiveCallAsync(device);
        await _hub.Time.SetAsync(before + 1, TestContext.Current.CancellationToken);
        _hub.Time.Advance(TimeSpan.FromSeconds(5));
        var answer = await asked;
        Assert.Equal(504, answer.Status);
        Assert.Equal(504101, JsonElement.Parse(answer.Json.GetProperty("Message").GetString()!).GetProperty("errorCode").GetInt32());
    }

    [Fact]
    public async Task A_device_that_subscribed_before_is_asked_after_its_reconnect()
    {
        var device = await ConnectAsync("dev1");
        device.Break();
        await device.Ended;
        var asked = AskAsync("/twins/dev1/methods", """{"methodName":"m","connectTimeoutInSeconds":20}""");
        var again = new Conversation(_hub, _hub.Leaf);
        await again.SendAsync(Packets.Connect("dev1"));
        Assert.Equal([0x20, 2, 1, 0], await again.ReceiveAsync(4));
        var (topic, _) = await ReceiveCallAsync(again);
        await again.SendAsync(Packets.Publish(topic.Replace("POST/m", "res/200", StringComparison.Ordinal), "1"u8.ToArray(), 1));
        Assert.Equal(200, (await asked).Status);
    }

    private static (int Status, string? Error) Code(HubHttp.Answer answer) => (answer.Status, answer.Error);

    private Task<HubHttp.Answer> AskAsync(string path, string body) =>
        _http.AskAsync(MethodEndpoint.RunAsync, HubPermissions.ServiceConnect, path, body, "service");

    private async Task<Conversation> ConnectAsync(string id)
    {
        var connection = new Conversation(_hub, _hub.Leaf);
        await connection.SendAsync(Packets.Connect(id));
        Assert.Equal(Packets.Accepted, await connection.ReceiveAsync(4));
        await connection.SendAsync(Packets.Subscribe("$iothub/methods/POST/#", 1));
        Assert.Equal([0x90, 3, 0, 1, 0], await connection.ReceiveAsync(5));
        return connection;
    }

    private static async Task<(string Topic, string Body)> ReceiveCallAsync(Conversation device)
    {
        var packet = await device.ReceivePacketAsync();
        Assert.Equal(0x30, packet[0]);
        var start = packet[1] < 0x80 ? 2 : 3;
        var length = (packet[start] << 8) | packet[start + 1];
        return (Encoding.UTF8.GetString(packet, start + 2, length), Encoding.UTF8.GetString(packet.AsSpan(start + 2 + length)));
    }
}
