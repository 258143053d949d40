using System.Security.Cryptography.X509Certificates;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Hub.Devicebound;
using Perennial.Hub.Methods;
using Perennial.Server.Amqp;
using Perennial.Server.Amqp.Devices;
using Perennial.Server.Connections;
using Perennial.Server.Hubs;
using Perennial.Server.Tests.Hubs;

namespace Perennial.Server.Tests.Amqp;

public sealed class DeviceNodeTests : IAsyncLifetime
{
    private const string Events = "amqps://hub.example:5671/devices/dev1/messages/Events";
    private const string Devicebound = "/devices/dev1/messages/deviceBound";
    private const string Twin = "/devices/dev1/twin";
    private const string Methods = "/devices/dev1/methods/deviceBound";

    private TestHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await TestHub.OpenAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_batch_is_stored_as_its_messages()
    {
        var client = await SenderAsync(Events);
        var batch = new DataList();
        foreach (var text in new[] { "one", "two" })
        {
            var inner = new Message { BodySection = new Data { Binary = Encoding.UTF8.GetBytes(text) }, ApplicationProperties = new ApplicationProperties() };
            inner.ApplicationProperties["n"] = text;
            var bytes = inner.Encode();
            batch.Add(new Data { Binary = bytes.Buffer.AsSpan(bytes.Offset, bytes.Length).ToArray() });
        }

        var encoded = new Message { BodySection = batch }.Encode();
        await client.SendAsync(
            0,
            new Transfer { Handle = 0, DeliveryId = 1, DeliveryTag = [1], MessageFormat = AmqpContent.BatchFormat },
            encoded.Buffer.AsMemory(encoded.Offset, encoded.Length));
        Assert.IsType<Accepted>((await client.ExpectAsync<Dispose>()).State);
        var stored = await _hub.Hub.Feed.ReadAsync(1, 10, Stop);
        Assert.Equal(["one", "two"], stored.Select(entry => Encoding.UTF8.GetString(entry.Message.Body.Span)));
        Assert.Equal(["one", "two"], stored.Select(entry => entry.Message.Properties["n"]));
    }

    [Fact]
    public async Task A_module_sends_under_its_own_name()
    {
        var client = await SenderAsync("/devices/dev1/modules/m/messages/events");
        await client.TransferAsync(0, 1, new Message { BodySection = new Data { Binary = [1] } });
        await client.ExpectAsync<Dispose>();
        Assert.Equal("dev1/m", (await _hub.Hub.Feed.ReadAsync(1, 10, Stop)).Single().Message.Device.Value);
    }

    [Theory]
    [InlineData("/devices/nobody/messages/events", "amqp:unauthorized-access")]
    [InlineData("/devices/dev1/streams", "amqp:not-found")]
    [InlineData("/devices/dev1/messages/devicebound", "amqp:not-allowed")]
    public async Task A_link_that_may_not_be_is_detached_with_its_reason(string address, string condition)
    {
        var client = await OpenAsync();
        await client.AttachSenderAsync(0, address);
        Assert.Equal(condition, (await client.ExpectAsync<Detach>()).Error.Condition.ToString());
    }

    [Fact]
    public async Task A_message_carries_its_lock_as_tag_comes_back_when_released_and_is_confirmed_when_accepted()
    {
        await _hub.SendAsync("hi", "m1", RequestedFeedback.Full);
        var client = await OpenAsync();
        await client.AttachReceiverAsync(0, Devicebound);
        await client.GrantAsync(0, 10);
        var first = await client.ExpectAsync<Transfer>();
        Assert.Equal(16, first.DeliveryTag.Length);
        await client.SendAsync(0, new Dispose { Role = true, First = first.DeliveryId, Settled = true, State = new Released() });

        var again = (await client.FrameAsync())!;
        var message = AmqpClient.MessageOf(again);
        var second = (Transfer)again.Performative!;
        Assert.NotEqual(first.DeliveryTag, second.DeliveryTag);
        Assert.Equal(("m1", "full", "hi"), (message.Properties.MessageId, message.ApplicationProperties["iothub-ack"], Encoding.UTF8.GetString((byte[])message.Body)));
        Assert.Equal(new Guid(second.DeliveryTag), message.MessageAnnotations[new Symbol("x-opt-lock-token")]);
        Assert.IsType<ulong>(message.MessageAnnotations[new Symbol("x-opt-sequence-number")]);

        await client.SendAsync(0, new Dispose { Role = true, First = second.DeliveryId, Settled = false, State = new Accepted() });
        var confirmed = await client.ExpectAsync<Dispose>();
        Assert.Equal((false, true), (confirmed.Role, confirmed.Settled));
        Assert.Empty(await _hub.Hub.Receive.LockAsync(TestHub.Id("dev1"), 10, null, Stop));
    }

    [Fact]
    public async Task The_twin_is_answered_with_an_int_status_under_the_correlation_id_of_the_request()
    {
        var client = await SenderAsync(Twin);
        await client.AttachReceiverAsync(1, Twin);
        await client.GrantAsync(1, 10);
        foreach (var (operation, resource, body, status) in new[]
        {
            ("GET", null, " ", 200), ("PATCH", "/properties/reported", "{\"a\":1}", 204), ("PATCH", "/properties/reported", "{", 400),
            ("PUT", "/notifications/twin/properties/desired", string.Empty, 204),
        })
        {
            var request = new Message { BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) }, Properties = new Properties { CorrelationId = operation }, MessageAnnotations = new MessageAnnotations() };
            request.MessageAnnotations[new Symbol("operation")] = operation;
            request.MessageAnnotations[new Symbol("resource")] = resource;
            await client.TransferAsync(0, (uint)status, request, isSettled: true);
            var answer = AmqpClient.MessageOf((await client.FrameAsync())!);
            Assert.Equal((operation, (object)status), (answer.Properties.CorrelationId, answer.MessageAnnotations[new Symbol("status")]));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_method_is_answered_by_its_correlation_id_as_uuid_or_text(bool asText)
    {
        var client = await SenderAsync(Methods);
        await client.AttachReceiverAsync(1, Methods);
        await client.GrantAsync(1, 10);
        Assert.True(MethodRequest.TryCreate("blink", null, null, null, out var request, out _));
        var asked = _hub.Hub.Methods.RunAsync(TestHub.Id("dev1"), request, Stop);
        var call = AmqpClient.MessageOf((await client.FrameAsync())!);
        Assert.Equal(("blink", "null"), (call.ApplicationProperties["IoThub-methodname"], Encoding.UTF8.GetString((byte[])call.Body)));
        var id = Assert.IsType<Guid>(call.Properties.GetCorrelationId());

        var response = new Message { BodySection = new Data { Binary = "7"u8.ToArray() }, Properties = new Properties(), ApplicationProperties = new ApplicationProperties() };
        response.Properties.SetCorrelationId(asText ? id.ToString() : id);
        response.ApplicationProperties["IoThub-status"] = 201;
        await client.TransferAsync(0, 1, response);
        Assert.Equal(201, Assert.IsType<MethodOutcome.Answered>(await asked).Status);
    }

    [Fact]
    public async Task A_device_that_is_disabled_loses_its_links_with_the_reason()
    {
        var client = await SenderAsync(Events);
        Assert.True(_hub.Hub.Sessions.StateOf(TestHub.Id("dev1")).IsConnected);
        await _hub.DisableAsync();
        Assert.Equal("amqp:unauthorized-access", (await client.ExpectAsync<Detach>()).Error.Condition.ToString());
        Assert.False(_hub.Hub.Sessions.StateOf(TestHub.Id("dev1")).IsConnected);
    }

    [Fact]
    public async Task A_device_is_connected_until_its_last_link_is_gone()
    {
        var client = await SenderAsync(Events);
        await client.AttachReceiverAsync(1, Twin);
        await client.SendAsync(0, new Detach { Handle = 0, Closed = true });
        await client.ExpectAsync<Detach>();
        Assert.True(_hub.Hub.Sessions.StateOf(TestHub.Id("dev1")).IsConnected);
        await client.SendAsync(0, new Detach { Handle = 1, Closed = true });
        await client.ExpectAsync<Detach>();
        Assert.False(_hub.Hub.Sessions.StateOf(TestHub.Id("dev1")).IsConnected);
    }

    private async Task<AmqpClient> SenderAsync(string address)
    {
        var client = await OpenAsync();
        Assert.NotNull((await client.AttachSenderAsync(0, address)).Target);
        await client.ExpectAsync<Flow>();
        return client;
    }

    private async Task<AmqpClient> OpenAsync()
    {
        var presented = new PresentedCertificates();
        using var leaf = X509CertificateLoader.LoadCertificate(_hub.Leaf.Certificate.Der.Span);
        presented.Take(leaf, null);
        var client = new AmqpClient(
            new AmqpConnectionHandler(
                [],
                peer => [new DeviceNode(peer, new ServedHubs([_hub.Hub]), (_, _) => { }, _hub.Time)],
                new RefusalLedger(NullLogger<RefusalLedger>.Instance, _hub.Time),
                NullLogger<AmqpConnectionHandler>.Instance,
                _hub.Time),
            new AmqpPeer(presented, "hub.example"),
            _hub.Time);
        await client.OpenAsync(new Open { ContainerId = "c", HostName = "hub.example" });
        return client;
    }
}
