using System.Text;
using Perennial.Server.Limits;

namespace Perennial.Server.Tests.Hubs;

public sealed class ThrottleMqttTests
{
    private static readonly RateLimit Two = RateLimit.Of(2, TimeSpan.FromMinutes(1), burst: 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beyond_the_rate_a_connect_is_told_to_come_again()
    {
        await using var hub = await TestHub.OpenAsync(new HubLimits { Connections = Two });
        await ConnectAsync(hub);
        var second = new Conversation(hub, hub.Leaf);
        await second.SendAsync(Packets.Connect("dev1"));
        Assert.Equal([0x20, 2, 0, 3], await second.RestAsync());
        hub.Time.Advance(TimeSpan.FromSeconds(30));
        await ConnectAsync(hub);
    }

    [Fact]
    public async Task Beyond_the_rate_a_twin_request_is_answered_429()
    {
        await using var hub = await TestHub.OpenAsync(new HubLimits { TwinReads = Two });
        var connection = await ConnectAsync(hub);
        await connection.SendAsync(Packets.Subscribe("$iothub/twin/res/#", 1));
        Assert.Equal(5, (await connection.ReceivePacketAsync()).Length);
        Assert.Contains("$iothub/twin/res/200/?$rid=a", await GetTwinAsync(connection, "a", 2), StringComparison.Ordinal);
        var throttled = await GetTwinAsync(connection, "b", 3);
        Assert.Contains("$iothub/twin/res/429/?$rid=b", throttled, StringComparison.Ordinal);
        Assert.Contains("\"errorCode\":429001", throttled, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_the_rate_telemetry_waits_and_all_of_it_is_stored()
    {
        await using var hub = await TestHub.OpenAsync(new HubLimits { Telemetry = Two });
        var connection = await ConnectAsync(hub);
        await connection.SendAsync(Packets.Publish("devices/dev1/messages/events/", [1], 1));
        Assert.Equal([0x40, 2, 0, 1], await connection.ReceivePacketAsync());
        var timers = hub.Time.Count;
        await connection.SendAsync(Packets.Publish("devices/dev1/messages/events/", [2], 2));
        await hub.Time.SetAsync(timers + 1, Stop);
        Assert.Single(await hub.Hub.Feed.ReadAsync(1, 10, Stop));
        hub.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal([0x40, 2, 0, 2], await connection.ReceivePacketAsync());
        Assert.Equal(2, (await hub.Hub.Feed.ReadAsync(1, 10, Stop)).Count);
    }

    private static async Task<string> GetTwinAsync(Conversation connection, string request, ushort packetId)
    {
        await connection.SendAsync(Packets.Publish($"$iothub/twin/GET/?$rid={request}", [], packetId));
        var (first, second) = (await connection.ReceivePacketAsync(), await connection.ReceivePacketAsync());
        return Encoding.UTF8.GetString(first[0] == 0x40 ? second : first);
    }

    private static async Task<Conversation> ConnectAsync(TestHub hub)
    {
        var connection = new Conversation(hub, hub.Leaf);
        await connection.SendAsync(Packets.Connect("dev1"));
        Assert.Equal(Packets.Accepted, await connection.ReceiveAsync(4));
        return connection;
    }
}
