using System.Text;
using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Hub.Access;
using Perennial.Hub.Devicebound;
using Perennial.Protocol.Sas;
using Perennial.Server.Amqp;
using Perennial.Server.Connections;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.Server.Tests.Hubs;

namespace Perennial.Server.Tests.Amqp;

public sealed class BackEndNodeTests : IAsyncLifetime
{
    private const string Devicebound = "/messages/deviceBound";
    private const string Feedback = "amqps://hub.example:5671/messages/serviceBound/feedback";

    private const int FrameSize = 16 * 1024;

    private TestHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await TestHub.OpenAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_message_is_accepted_once_it_is_stored_with_what_was_sent_along()
    {
        var client = await SenderAsync();
        var message = ToDevice("/devices/dev1/messages/devicebound");
        message.Properties.MessageId = "m1";
        message.Properties.CorrelationId = "c1";
        message.Properties.ContentType = "application/json";
        message.Properties.AbsoluteExpiryTime = _hub.Time.GetUtcNow().UtcDateTime.AddMinutes(5);
        message.ApplicationProperties["iothub-ack"] = "full";
        message.ApplicationProperties["text"] = "v w";
        message.ApplicationProperties["number"] = 7;
        Assert.IsType<Accepted>(await SendAsync(client, message));
        var stored = Assert.Single(await _hub.Hub.Receive.LockAsync(TestHub.Id("dev1"), 10, null, Stop)).Message;
        Assert.Equal("hi", Encoding.UTF8.GetString(stored.Body.Span));
        Assert.Equal(("m1", RequestedFeedback.Full, _hub.Time.GetUtcNow().AddMinutes(5)), (stored.MessageId, stored.Feedback, stored.Expires));
        Assert.Equal(new Dictionary<string, string?> { ["text"] = "v w", ["number"] = "7" }, stored.Properties);
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["correlation-id"] = "c1",
                ["content-type"] = "application/json",
                ["absolute-expiry-time"] = "2030-01-01T00:05:00.0000000Z",
            },
            stored.SystemProperties);
    }

    [Theory]
    [InlineData("/devices/nobody/messages/devicebound", "amqp:not-found")]
    [InlineData("/devices/dev1/elsewhere", "com.microsoft:argument-error")]
    [InlineData(null, "com.microsoft:argument-error")]
    public async Task A_message_to_nowhere_is_rejected_by_name(string? to, string condition)
    {
        var client = await SenderAsync();
        Assert.Equal(condition, Condition(await SendAsync(client, ToDevice(to))));
    }

    [Fact]
    public async Task A_message_over_the_bounds_is_rejected_by_name()
    {
        var client = await SenderAsync();
        var large = ToDevice();
        large.BodySection = new Data { Binary = new byte[(64 * 1024) + 1] };
        Assert.Equal("amqp:link:message-size-exceeded", Condition(await SendAsync(client, large)));
        var wide = ToDevice();
        wide.ApplicationProperties["wide"] = new string('ü', 20_000);
        Assert.Equal("amqp:link:message-size-exceeded", Condition(await SendAsync(client, wide, 1)));
        var odd = ToDevice();
        odd.ApplicationProperties["iothub-ack"] = "perhaps";
        Assert.Equal("com.microsoft:argument-error", Condition(await SendAsync(client, odd, 2)));
        for (uint i = 0; i < 50; i++)
        {
            Assert.IsType<Accepted>(await SendAsync(client, ToDevice(), 3 + i));
        }

        Assert.Equal("amqp:resource-limit-exceeded", Condition(await SendAsync(client, ToDevice(), 60)));
    }

    [Theory]
    [InlineData("registryReadWrite")]
    [InlineData(null)]
    public async Task Only_who_may_connect_as_a_service_attaches(string? policy)
    {
        var client = await OpenAsync(policy);
        await client.AttachSenderAsync(0, Devicebound);
        Assert.Equal("amqp:unauthorized-access", (await client.ExpectAsync<Detach>()).Error.Condition.ToString());
        await client.AttachReceiverAsync(1, Feedback);
        Assert.Equal("amqp:unauthorized-access", (await client.ExpectAsync<Detach>()).Error.Condition.ToString());
    }

    [Fact]
    public async Task A_token_that_has_ended_sends_no_more()
    {
        var client = await SenderAsync(TimeSpan.FromSeconds(10) - AuthorizeCaller.ClockSkew);
        Assert.IsType<Accepted>(await SendAsync(client, ToDevice()));
        _hub.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("amqp:unauthorized-access", Condition(await SendAsync(client, ToDevice(), 1)));
    }

    [Fact]
    public async Task A_token_of_a_rolled_key_sends_no_more()
    {
        var client = await SenderAsync();
        Assert.IsType<Accepted>(await SendAsync(client, ToDevice()));
        var policy = _hub.Policies.Find("service")!;
        _hub.Policies.Replace([new AccessPolicy("service", policy.SecondaryKey, new byte[32], policy.Permissions)]);
        Assert.Equal("amqp:unauthorized-access", Condition(await SendAsync(client, ToDevice(), 1)));
    }

    [Fact]
    public async Task Beyond_the_rate_a_message_is_rejected_by_name()
    {
        await _hub.DisposeAsync();
        _hub = await TestHub.OpenAsync(new HubLimits { CloudToDevice = RateLimit.Of(1, TimeSpan.FromMinutes(1)) });
        var client = await SenderAsync();
        Assert.IsType<Accepted>(await SendAsync(client, ToDevice()));
        Assert.Equal("com.microsoft:device-container-throttled", Condition(await SendAsync(client, ToDevice(), 1)));
        _hub.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<Accepted>(await SendAsync(client, ToDevice(), 2));
    }

    [Fact]
    public async Task Feedback_comes_as_a_batch_and_goes_when_it_is_accepted()
    {
        await _hub.SendAsync("1", "m1", RequestedFeedback.Full);
        await _hub.Hub.Purge.RunAsync(TestHub.Id("dev1"), Stop);
        var client = await OpenAsync("service");
        await client.AttachReceiverAsync(0, Feedback);
        await client.GrantAsync(0, 10);
        _hub.Time.Advance(TimeSpan.FromSeconds(15));
        var (transfer, message) = await BatchAsync(client);
        Assert.Equal("application/vnd.microsoft.iothub.feedback.json", message.Properties.ContentType.ToString());
        Assert.Equal("hub", Encoding.UTF8.GetString(message.Properties.UserId));
        Assert.StartsWith("""[{"originalMessageId":"m1",""", Encoding.UTF8.GetString(message.GetBody<byte[]>()), StringComparison.Ordinal);
        Assert.Contains("\"statusCode\":\"Purged\"", Encoding.UTF8.GetString(message.GetBody<byte[]>()), StringComparison.Ordinal);
        await SettleAsync(client, transfer, new Released());
        _hub.Time.Advance(TimeSpan.FromSeconds(1));
        var (again, same) = await BatchAsync(client);
        Assert.Equal(message.GetBody<byte[]>(), same.GetBody<byte[]>());
        await SettleAsync(client, again, new Accepted());
        _hub.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await _hub.Hub.Feedback.TakeAsync(Stop));
    }

    [Fact]
    public async Task The_link_of_file_notifications_is_attached()
    {
        var client = await OpenAsync("service");
        Assert.NotNull((await client.AttachReceiverAsync(0, "/messages/serviceBound/filenotifications")).Source);
    }

    private static Message ToDevice(string? to = "/devices/dev1/messages/devicebound") => new()
    {
        Properties = new Properties { To = to },
        ApplicationProperties = new ApplicationProperties(),
        BodySection = new Data { Binary = "hi"u8.ToArray() },
    };

    private static string Condition(Outcome outcome) => Assert.IsType<Rejected>(outcome).Error.Condition.ToString();

    private static async Task<Outcome> SendAsync(AmqpClient client, Message message, uint id = 0)
    {
        var bytes = message.Encode();
        var parts = bytes.Buffer[bytes.Offset..(bytes.Offset + bytes.Length)].Chunk(FrameSize).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            await client.SendAsync(0, new Transfer { Handle = 0, DeliveryId = id, DeliveryTag = [1], More = i + 1 < parts.Count }, parts[i]);
        }

        while (true)
        {
            var frame = await client.FrameAsync();
            Assert.NotNull(frame);
            if (frame.Performative is Dispose settled)
            {
                return (Outcome)settled.State;
            }
        }
    }

    private static async Task<(Transfer Transfer, Message Message)> BatchAsync(AmqpClient client)
    {
        while (true)
        {
            var frame = await client.FrameAsync();
            Assert.NotNull(frame);
            if (frame.Performative is Transfer transfer)
            {
                return (transfer, AmqpClient.MessageOf(frame));
            }
        }
    }

    // The server answers the disposition once the outcome is kept.
    private static async Task SettleAsync(AmqpClient client, Transfer transfer, DeliveryState state)
    {
        await client.SendAsync(0, new Dispose { Role = true, First = transfer.DeliveryId, Last = transfer.DeliveryId, Settled = false, State = state });
        await client.ExpectAsync<Dispose>();
    }

    private async Task<AmqpClient> SenderAsync(TimeSpan? tokenLife = null)
    {
        var client = await OpenAsync("service", tokenLife);
        await client.AttachSenderAsync(0, Devicebound);
        await client.ExpectAsync<Flow>();
        return client;
    }

    private async Task<AmqpClient> OpenAsync(string? policy, TimeSpan? tokenLife = null)
    {
        var peer = new AmqpPeer(new PresentedCertificates(), null);
        if (policy is not null)
        {
            var text = SharedAccessSignature.Create(
                "hub.example", _hub.Policies.Find(policy)!.PrimaryKey.Span, _hub.Time.GetUtcNow() + (tokenLife ?? TimeSpan.FromHours(1)), policy);
            Assert.True(SharedAccessSignature.TryParse(text, out var token));
            Assert.True(peer.Tokens.TryAdd(token, _hub.Time.GetUtcNow()));
        }

        var client = new AmqpClient(
            new AmqpConnectionHandler(
                [],
                other => [new BackEndNode(other, new ServedHubs([_hub.Hub]), (_, _) => { }, _hub.Time)],
                new RefusalLedger(NullLogger<RefusalLedger>.Instance, _hub.Time),
                NullLogger<AmqpConnectionHandler>.Instance,
                _hub.Time),
            peer,
            _hub.Time);
        await client.OpenAsync(new Open { ContainerId = "test", HostName = "hub.example" });
        return client;
    }
}
