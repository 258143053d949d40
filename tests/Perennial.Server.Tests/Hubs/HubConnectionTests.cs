using System.Globalization;
using System.Text;
using Perennial.Hub.Devices;
using Perennial.Protocol.Sas;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Hubs;

/// <summary>What does not fit into a transcript: large packets, tokens, many connections.</summary>
public sealed class HubConnectionTests : IAsyncLifetime
{
    private const string Events = "devices/dev1/messages/events/";
    private TestHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await TestHub.OpenAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_message_of_256_KB_is_stored_and_one_byte_more_ends_the_connection()
    {
        var connection = await ConnectAsync("dev1", _hub.Leaf);
        await connection.SendAsync(Packets.Publish(Events, new byte[256 * 1024], 1));
        Assert.Equal([0x40, 2, 0, 1], await connection.ReceiveAsync(4));
        await connection.SendAsync(Packets.Publish(Events, new byte[(256 * 1024) + 1], 2));
        Assert.Empty(await connection.RestAsync());
        Assert.Single(await _hub.Hub.Feed.ReadAsync(1, 10, Stop));
    }

    [Fact]
    public async Task Properties_count_against_the_size()
    {
        var connection = await ConnectAsync("dev1", _hub.Leaf);
        await connection.SendAsync(Packets.Publish($"{Events}name=value", new byte[(256 * 1024) - 8], 1));
        Assert.Empty(await connection.RestAsync());
    }

    [Fact]
    public async Task More_publishes_than_fit_in_flight_are_all_acknowledged_in_order()
    {
        const int Count = 2000;
        var connection = await ConnectAsync("dev1", _hub.Leaf);
        var sending = Task.Run(async () =>
        {
            for (var id = 1; id <= Count; id++)
            {
                await connection.SendAsync(Packets.Publish(Events, Encoding.ASCII.GetBytes(id.ToString(CultureInfo.InvariantCulture)), (ushort)id));
            }
        });
        for (var id = 1; id <= Count; id++)
        {
            Assert.Equal([0x40, 2, (byte)(id >> 8), (byte)id], await connection.ReceiveAsync(4));
        }

        await sending;
        var stored = await _hub.Hub.Feed.ReadAsync(1, Count, Stop);
        Assert.Equal(
            Enumerable.Range(1, Count).Select(id => id.ToString(CultureInfo.InvariantCulture)),
            stored.Select(entry => Encoding.ASCII.GetString(entry.Message.Body.Span)));
    }

    [Fact]
    public async Task A_token_device_is_dropped_when_its_token_ends()
    {
        var keys = (DeviceCredential.SymmetricKeys)(await _hub.AddAsync("keyed", null)).Credential;
        var connection = new Conversation(_hub, null);
        await connection.SendAsync(Packets.Connect("keyed", Token(keys.Secondary.Span, TimeSpan.FromHours(1)), keepAlive: 0));
        Assert.Equal(Packets.Accepted, await connection.ReceiveAsync(4));
        await _hub.Time.SetAsync(2, Stop);
        _hub.Time.Advance(TimeSpan.FromMinutes(29));
        await connection.SendAsync(Packets.Ping);
        Assert.Equal(Packets.Pong, await connection.ReceiveAsync(2));
        _hub.Time.Advance(TimeSpan.FromMinutes(29));
        await connection.SendAsync(Packets.Ping);
        Assert.Equal(Packets.Pong, await connection.ReceiveAsync(2));
        _hub.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await connection.RestAsync());
    }

    [Fact]
    public async Task A_token_on_a_certificate_device_is_refused_and_so_is_a_certificate_on_a_token_device()
    {
        var keys = (DeviceCredential.SymmetricKeys)(await _hub.AddAsync("keyed", null)).Credential;
        var token = new Conversation(_hub, _hub.Leaf);
        await token.SendAsync(Packets.Connect("dev1", Token(keys.Primary.Span, TimeSpan.FromHours(1), "dev1")));
        await _hub.Time.SetAsync(1, Stop);
        _hub.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Packets.NotAuthorized, await token.RestAsync());

        var certificate = new Conversation(_hub, TestAuthority.CreateSelfSignedLeaf("keyed"));
        await certificate.SendAsync(Packets.Connect("keyed"));
        await _hub.Time.SetAsync(2, Stop);
        _hub.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Packets.NotAuthorized, await certificate.RestAsync());
    }

    [Fact]
    public async Task Of_a_hundred_devices_at_once_every_message_is_stored()
    {
        var credential = _hub.Credential();
        var devices = Enumerable.Range(0, 100).Select(i => $"many-{i}").ToList();
        await Task.WhenAll(devices.Select(id => _hub.AddAsync(id, credential)));
        await Task.WhenAll(devices.Select(async id =>
        {
            var connection = await ConnectAsync(id, _hub.Leaf);
            for (ushort packet = 1; packet <= 20; packet++)
            {
                await connection.SendAsync(Packets.Publish($"devices/{id}/messages/events/", [1], packet));
            }

            Assert.Equal(80, (await connection.ReceiveAsync(80)).Length);
        }));
        var stored = await _hub.Hub.Feed.ReadAsync(1, 5000, Stop);
        Assert.Equal(Enumerable.Range(1, 2000).Select(i => (long)i), stored.Select(entry => entry.Sequence));
        Assert.All(stored.GroupBy(entry => entry.Message.Device), group => Assert.Equal(20, group.Count()));
    }

    private string Token(ReadOnlySpan<byte> key, TimeSpan life, string id = "keyed") =>
        SharedAccessSignature.Create($"hub.example/devices/{id}", key, _hub.Time.GetUtcNow() + life, null);

    private async Task<Conversation> ConnectAsync(string id, TestCertificate leaf)
    {
        var connection = new Conversation(_hub, leaf);
        await connection.SendAsync(Packets.Connect(id));
        Assert.Equal(Packets.Accepted, await connection.ReceiveAsync(4));
        return connection;
    }
}
