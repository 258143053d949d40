using System.Globalization;
using System.Text;
using Perennial.Hub.Devicebound;

namespace Perennial.Server.Tests.Hubs;

/// <summary>Messages to devices over MQTT: what does not fit into a transcript.</summary>
public sealed class DeviceboundConnectionTests : IAsyncLifetime
{
    private const int InFlight = 16;
    private TestHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await TestHub.OpenAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task No_more_messages_are_in_flight_than_the_bound_and_each_acknowledgement_makes_room()
    {
        const int Count = InFlight + 4;
        for (var i = 0; i < Count; i++)
        {
            await _hub.SendAsync($"body {i}", $"m{i}");
        }

        var connection = await SubscribeAsync("dev1", "devices/dev1/messages/devicebound/#");
        for (var i = 0; i < InFlight; i++)
        {
            Assert.EndsWith($"body {i}", await TextAsync(connection), StringComparison.Ordinal);
        }

        await connection.SendAsync(Packets.Ping);
        Assert.Equal(Packets.Pong, await connection.ReceiveAsync(2));
        for (var i = InFlight; i < Count; i++)
        {
            await connection.SendAsync(Packets.Acknowledge((ushort)(2 + i - InFlight)));
            Assert.EndsWith($"body {i}", await TextAsync(connection), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_message_whose_lock_ends_comes_to_the_connection_marked_as_a_duplicate()
    {
        await _hub.SendAsync("locked", "m1");
        Assert.Single(await _hub.Hub.Receive.LockAsync(TestHub.Id("dev1"), 1, null, Stop));
        var connection = await SubscribeAsync("dev1", "devices/dev1/messages/devicebound/#");
        await _hub.SendAsync("free", "m2");
        Assert.EndsWith("free", await TextAsync(connection), StringComparison.Ordinal);
        _hub.Time.Advance(TimeSpan.FromSeconds(60));
        await _hub.Hub.Sweep.RunAsync(Stop);
        var packet = await connection.ReceivePacketAsync();
        Assert.Equal(0x3A, packet[0]);
        Assert.EndsWith("locked", Encoding.UTF8.GetString(packet), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_abandoned_elsewhere_comes_to_the_connection()
    {
        await _hub.SendAsync("back", "m1");
        var taken = Assert.Single(await _hub.Hub.Receive.LockAsync(TestHub.Id("dev1"), 1, null, Stop));
        var connection = await SubscribeAsync("dev1", "devices/dev1/messages/devicebound/#");
        Assert.True(await _hub.Hub.Settle.ByLockAsync(TestHub.Id("dev1"), taken.Entry.Lock!.Value, Settlement.Abandon, Stop));
        Assert.EndsWith("back", await TextAsync(connection), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_has_a_queue_and_a_topic_of_its_own()
    {
        await _hub.SendAsync("to the device", "m1");
        await _hub.Hub.Send.RunAsync(new OutgoingMessage { Device = TestHub.Id("dev1/m"), MessageId = "m2", Body = "to the module"u8.ToArray() }, Stop);
        var connection = await SubscribeAsync("dev1/m", "devices/dev1/modules/m/messages/devicebound/#");
        Assert.EndsWith(
            string.Create(CultureInfo.InvariantCulture, $"devices/dev1/modules/m/messages/devicebound/%24.mid=m2&%24.to=%2Fdevices%2Fdev1%2Fmodules%2Fm%2Fmessages%2Fdevicebound\0{(char)3}to the module"),
            await TextAsync(connection),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_expires_is_not_delivered()
    {
        await _hub.SendAsync("late", "m1");
        _hub.Time.Advance(TimeSpan.FromHours(1));
        var connection = await SubscribeAsync("dev1", "devices/dev1/messages/devicebound/#");
        await _hub.SendAsync("in time", "m2");
        Assert.EndsWith("in time", await TextAsync(connection), StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(Conversation connection) => Encoding.UTF8.GetString(await connection.ReceivePacketAsync());

    private async Task<Conversation> SubscribeAsync(string id, string filter)
    {
        var connection = new Conversation(_hub, _hub.Leaf);
        await connection.SendAsync(Packets.Connect(id));
        Assert.Equal(Packets.Accepted, await connection.ReceiveAsync(4));
        await connection.SendAsync(Packets.Subscribe(filter, 1, qualityOfService: 1));
        Assert.Equal([0x90, 3, 0, 1, 1], await connection.ReceiveAsync(5));
        return connection;
    }
}
