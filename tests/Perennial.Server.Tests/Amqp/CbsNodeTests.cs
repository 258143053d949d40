using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Hub.Devices;
using Perennial.Protocol.Sas;
using Perennial.Server.Amqp;
using Perennial.Server.Connections;
using Perennial.Server.Hubs;
using Perennial.Server.Tests.Hubs;

namespace Perennial.Server.Tests.Amqp;

public sealed class CbsNodeTests : IAsyncLifetime
{
    private TestHub _hub = null!;
    private DeviceCredential.SymmetricKeys _device = null!;
    private DeviceCredential.SymmetricKeys _module = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.OpenAsync();
        _device = (DeviceCredential.SymmetricKeys)(await _hub.AddAsync("keyed", null)).Credential;
        _module = (DeviceCredential.SymmetricKeys)(await _hub.AddAsync("keyed/mod", null)).Credential;
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_token_is_taken_for_the_identity_that_it_names()
    {
        Assert.Equal(200, await PutAsync("hub.example/devices/keyed", _device.Primary));
        Assert.Equal(200, await PutAsync("hub.example/devices/keyed/modules/mod", _module.Secondary));
        Assert.Equal(200, await PutAsync("amqps://hub.example:5671/devices/keyed/modules/mod", _device.Primary));
        Assert.Equal(401, await PutAsync("hub.example/devices/keyed", _module.Primary));
        Assert.Equal(401, await PutAsync("hub.example/devices/keyed/modules/other", _module.Primary));
        Assert.Equal(401, await PutAsync("hub.example/devices/other", _device.Primary));
        Assert.Equal(401, await PutAsync("hub.example", _device.Primary));
        Assert.Equal(401, await PutAsync("other.example/devices/keyed", _device.Primary));
    }

    private async Task<int> PutAsync(string resource, ReadOnlyMemory<byte> key)
    {
        var peer = new AmqpPeer(new PresentedCertificates(), "hub.example");
        var handler = new AmqpConnectionHandler(
            [],
            _ => [new CbsNode(peer, new ServedHubs([_hub.Hub]), (_, _) => { }, _hub.Time)],
            new RefusalLedger(NullLogger<RefusalLedger>.Instance, _hub.Time),
            NullLogger<AmqpConnectionHandler>.Instance,
            _hub.Time);
        var client = new AmqpClient(handler, peer, _hub.Time);
        await client.OpenAsync();
        await client.AttachSenderAsync(0, "$cbs");
        await client.ExpectAsync<Flow>();
        await client.AttachReceiverAsync(1, "$cbs");
        await client.GrantAsync(1, 1);
        await client.TransferAsync(0, 0, new Message
        {
            Properties = new Properties { MessageId = "1" },
            ApplicationProperties = new ApplicationProperties { ["operation"] = "put-token", ["type"] = "servicebus.windows.net:sastoken", ["name"] = resource },
            BodySection = new AmqpValue { Value = SharedAccessSignature.Create(resource, key.Span, _hub.Time.GetUtcNow().AddHours(1), null) },
        });
        while (await client.FrameAsync() is { } frame)
        {
            if (frame.Performative is Transfer)
            {
                await client.EndAsync();
                return (int)AmqpClient.MessageOf(frame).ApplicationProperties["status-code"];
            }
        }

        throw new InvalidOperationException("The connection ended without an answer.");
    }
}
