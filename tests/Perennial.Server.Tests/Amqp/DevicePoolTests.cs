using System.Text;
using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Perennial.Hub.Devices;
using Perennial.Protocol.Sas;
using Perennial.Server.Amqp;
using Perennial.Server.Amqp.Devices;
using Perennial.Server.Connections;
using Perennial.Server.Hubs;
using Perennial.Server.Tests.Hubs;

namespace Perennial.Server.Tests.Amqp;

/// <summary>Many devices with keys on one connection, as the C# SDK pools them: a token each (hub-protocol §3.2).</summary>
public sealed class DevicePoolTests : IAsyncLifetime
{
    private static readonly string[] Devices = ["pool1", "pool2", "pool3"];

    private readonly FakeTimeProvider _wire = new();
    private readonly Dictionary<string, byte[]> _keys = [];
    private TestHub _hub = null!;
    private AmqpClient _client = null!;
    private uint _delivery;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.OpenAsync();
        foreach (var device in Devices)
        {
            _keys[device] = ((DeviceCredential.SymmetricKeys)(await _hub.AddAsync(device, null)).Credential).Primary.ToArray();
        }

        var peer = new AmqpPeer(new PresentedCertificates(), "hub.example");
        var hubs = new ServedHubs([_hub.Hub]);
        _client = new AmqpClient(
            new AmqpConnectionHandler(
                [],
                _ => [new CbsNode(peer, hubs, (_, _) => { }, _hub.Time), new DeviceNode(peer, hubs, (_, _) => { }, _hub.Time)],
                new RefusalLedger(NullLogger<RefusalLedger>.Instance, _hub.Time),
                NullLogger<AmqpConnectionHandler>.Instance,
                _wire),
            peer,
            _wire);
        await _client.OpenAsync(new Open { ContainerId = "pool", HostName = "hub.example" });
        await _client.AttachSenderAsync(100, "$cbs");
        await _client.ExpectAsync<Flow>();
        await _client.AttachReceiverAsync(101, "$cbs");
        await _client.GrantAsync(101, 50);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.EndAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Devices_on_one_connection_send_each_under_its_own_name()
    {
        await ConnectAllAsync(TimeSpan.FromHours(1));
        for (var i = 0; i < Devices.Length; i++)
        {
            await SendAsync((uint)i, $"from {Devices[i]}");
        }

        var stored = await _hub.Hub.Feed.ReadAsync(1, 10, Stop);
        Assert.Equal(
            Devices.Select(device => (device, $"from {device}")),
            stored.Select(entry => (entry.Message.Device.Value, Encoding.UTF8.GetString(entry.Message.Body.Span))));
    }

    [Fact]
    public async Task A_device_without_a_token_of_its_own_gets_no_link_on_the_connection_of_others()
    {
        Assert.Equal(200, await PutAsync("pool1", TimeSpan.FromHours(1)));
        await _client.AttachSenderAsync(1, Address("pool2"));
        Assert.Equal("amqp:unauthorized-access", (await _client.ExpectAsync<Detach>()).Error.Condition.ToString());
    }

    [Fact]
    public async Task A_token_that_ends_takes_its_device_and_no_other_along()
    {
        await ConnectAllAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(200, await PutAsync("pool1", TimeSpan.FromHours(1)));
        Assert.Equal(200, await PutAsync("pool3", TimeSpan.FromHours(1)));

        _hub.Time.Advance(TimeSpan.FromMinutes(11));
        var ended = await _client.ExpectAsync<Detach>();
        Assert.Equal((1u, "amqp:unauthorized-access"), (ended.Handle, ended.Error.Condition.ToString()));
        Assert.Equal([true, false, true], Devices.Select(IsConnected));
        await SendAsync(0, "still here");
        await SendAsync(2, "here too");

        _hub.Time.Advance(TimeSpan.FromHours(1));
        var others = new[] { (await _client.ExpectAsync<Detach>()).Handle, (await _client.ExpectAsync<Detach>()).Handle };
        Assert.Equal([0u, 2u], others.Order());
        Assert.Equal([false, false, false], Devices.Select(IsConnected));
    }

    [Fact]
    public async Task A_device_whose_token_ended_comes_back_on_the_same_connection_with_a_new_one()
    {
        await ConnectAllAsync(TimeSpan.FromMinutes(10));
        _hub.Time.Advance(TimeSpan.FromMinutes(11));
        foreach (var _ in Devices)
        {
            await _client.ExpectAsync<Detach>();
        }

        Assert.Equal(200, await PutAsync("pool2", TimeSpan.FromHours(1)));
        await AttachAsync(7, "pool2");
        await SendAsync(7, "back");
        Assert.Equal([false, true, false], Devices.Select(IsConnected));
    }

    [Fact]
    public async Task A_token_by_a_key_that_was_exchanged_does_not_renew_the_session()
    {
        await ConnectAllAsync(TimeSpan.FromMinutes(10));
        _keys["pool2"] = new byte[32];
        Assert.Equal(401, await PutAsync("pool2", TimeSpan.FromHours(1)));
        _hub.Time.Advance(TimeSpan.FromMinutes(11));
        foreach (var _ in Devices)
        {
            await _client.ExpectAsync<Detach>();
        }

        Assert.False(IsConnected("pool2"));
    }

    private static string Address(string device) => $"/devices/{device}/messages/events";

    private bool IsConnected(string device) => _hub.Hub.Sessions.StateOf(TestHub.Id(device)).IsConnected;

    private async Task ConnectAllAsync(TimeSpan life)
    {
        for (var i = 0; i < Devices.Length; i++)
        {
            Assert.Equal(200, await PutAsync(Devices[i], life));
            await AttachAsync((uint)i, Devices[i]);
        }
    }

    private async Task AttachAsync(uint handle, string device)
    {
        Assert.NotNull((await _client.AttachSenderAsync(handle, Address(device))).Target);
        await _client.ExpectAsync<Flow>();
    }

    private async Task SendAsync(uint handle, string body)
    {
        await _client.TransferAsync(handle, ++_delivery, new Message { BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) } });
        Assert.IsType<Accepted>((await _client.ExpectAsync<Dispose>()).State);
    }

    private async Task<int> PutAsync(string device, TimeSpan life)
    {
        var resource = $"hub.example/devices/{device}";
        var token = SharedAccessSignature.Create(resource, _keys[device], _hub.Time.GetUtcNow() + life, null);
        await _client.TransferAsync(100, ++_delivery, new Message
        {
            Properties = new Properties { MessageId = $"{_delivery}" },
            ApplicationProperties = new ApplicationProperties { ["operation"] = "put-token", ["type"] = "servicebus.windows.net:sastoken", ["name"] = resource },
            BodySection = new AmqpValue { Value = token },
        }, isSettled: true);
        var answer = Assert.IsType<ReceivedFrame>(await _client.FrameAsync());
        Assert.IsType<Transfer>(answer.Performative);
        return (int)AmqpClient.MessageOf(answer).ApplicationProperties["status-code"];
    }
}
