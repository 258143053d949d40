using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Hub.Access;
using Perennial.Hub.Messages;
using Perennial.Protocol.Sas;
using Perennial.Server.Amqp;
using Perennial.Server.Connections;
using Perennial.Server.EventHubs;
using Perennial.Server.Hubs;
using Perennial.Server.Tests.Amqp;
using Perennial.Server.Tests.Hubs;

namespace Perennial.Server.Tests.EventHubs;

/// <summary>Readers of telemetry in AMQP frames.</summary>
public sealed class EventHubTests : IAsyncLifetime
{
    private const string Partition = "hub/ConsumerGroups/$Default/Partitions/0";

    private readonly PartitionReaders _readers = new();
    private TestHub _hub = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _hub = await TestHub.OpenAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData(null, 1)]
    [InlineData("amqp.annotation.x-opt-offset > '-1'", 1)]
    [InlineData("amqp.annotation.x-opt-offset > '1'", 2)]
    [InlineData("amqp.annotation.x-opt-offset >= '3'", 3)]
    [InlineData("amqp.annotation.x-opt-sequence-number > '2'", 3)]
    [InlineData("amqp.annotation.x-opt-enqueued-time > '1893456002000'", 3)]
    [InlineData("amqp.annotation.x-opt-enqueued-time >= '1893456002000'", 2)]
    [InlineData("amqp.annotation.x-opt-enqueued-time > '1893455000000'", 1)]
    [InlineData("amqp.annotation.x-opt-offset > '@latest'", 4)]
    public async Task A_reader_begins_where_its_filter_says(string? filter, long first)
    {
        await AppendAsync(1, 2, 3);
        var client = await ConnectAsync();
        await AttachAsync(client, 0, filter);
        await client.GrantAsync(0, 1);
        await AppendAsync(4);
        Assert.Equal(first, (long)(await ReceiveAsync(client)).MessageAnnotations[new Symbol("x-opt-sequence-number")]);
    }

    [Theory]
    [InlineData("amqp.annotation.x-opt-offset < '1'")]
    [InlineData("amqp.annotation.x-opt-offset > '1' OR 1 = 1")]
    [InlineData("amqp.annotation.x-opt-offset > 'x'")]
    [InlineData("")]
    public async Task A_filter_that_names_no_position_is_refused(string filter)
    {
        var client = await ConnectAsync();
        await AttachAsync(client, 0, filter);
        Assert.Equal("com.microsoft:argument-error", (await client.ExpectAsync<Detach>()).Error.Condition.ToString());
    }

    [Fact]
    public async Task Messages_come_as_credit_is_granted_and_as_they_are_stored()
    {
        await AppendAsync(1, 2, 3);
        var client = await ConnectAsync();
        await AttachAsync(client, 0, null);
        await client.GrantAsync(0, 2);
        Assert.Equal(["1", "2"], [await BodyAsync(client), await BodyAsync(client)]);
        await client.GrantAsync(0, 10, deliveryCount: 2);
        Assert.Equal("3", await BodyAsync(client));
        await AppendAsync(4);
        Assert.Equal("4", await BodyAsync(client));
    }

    [Fact]
    public async Task A_message_keeps_its_properties_and_is_stamped()
    {
        var at = _hub.Time.GetUtcNow();
        await _hub.Hub.Feed.AppendAsync(
            [
                Message("body", at) with
                {
                    Device = TestHub.Id("dev1/m"),
                    SystemProperties = new Dictionary<string, string?> { ["message-id"] = "m1", ["content-type"] = "text/plain", ["dt-subject"] = "part" },
                    Properties = new Dictionary<string, string?> { ["a b"] = "ü", ["none"] = null },
                },
            ],
            Stop);
        var client = await ConnectAsync();
        await AttachAsync(client, 0, null);
        await client.GrantAsync(0, 1);
        var message = await ReceiveAsync(client);
        Assert.Equal(("m1", "text/plain"), (message.Properties.MessageId, message.Properties.ContentType?.ToString()));
        Assert.Equal(("ü", null), (message.ApplicationProperties["a b"], message.ApplicationProperties["none"]));
        Assert.Equal(at.UtcDateTime, Annotation("x-opt-enqueued-time"));
        Assert.Equal(("1", "dev1", "dev1", "m"), (Annotation("x-opt-offset"), Annotation("x-opt-partition-key"), Annotation("iothub-connection-device-id"), Annotation("iothub-connection-module-id")));
        Assert.Equal(("Telemetry", "part"), (Annotation("iothub-message-source"), Annotation("dt-subject")));

        object Annotation(string name) => message.MessageAnnotations[new Symbol(name)];
    }

    [Fact]
    public async Task A_reader_is_ended_when_the_key_of_its_token_is_rolled_and_not_when_the_other_is()
    {
        var policy = _hub.Policies.Find("service")!;
        var client = await ConnectAsync();
        await AttachAsync(client, 0, null);
        _hub.Policies.Replace([new AccessPolicy("service", policy.PrimaryKey, new byte[32], policy.Permissions)]);
        await client.GrantAsync(0, 1);
        await AppendAsync(1);
        Assert.Equal("1", await BodyAsync(client));
        _hub.Policies.Replace([new AccessPolicy("service", new byte[32], policy.SecondaryKey, policy.Permissions)]);
        Assert.Equal("amqp:unauthorized-access", (await client.ExpectAsync<Detach>()).Error.Condition.ToString());
    }

    [Fact]
    public async Task A_reader_with_an_epoch_ends_others_and_is_refused_beside_a_higher_one()
    {
        var (first, second, third) = (await ConnectAsync(), await ConnectAsync(), await ConnectAsync());
        await AttachAsync(first, 0, null);
        await AttachAsync(second, 0, null, epoch: 1);
        Assert.Equal("amqp:link:stolen", (await first.ExpectAsync<Detach>()).Error.Condition.ToString());
        await AttachAsync(third, 0, null, epoch: 1);
        Assert.Equal("amqp:link:stolen", (await second.ExpectAsync<Detach>()).Error.Condition.ToString());
        await AttachAsync(first, 1, null, epoch: 0);
        Assert.Equal("amqp:link:stolen", (await first.ExpectAsync<Detach>()).Error.Condition.ToString());
        await AttachAsync(first, 2, null);
        Assert.Equal("amqp:link:stolen", (await first.ExpectAsync<Detach>()).Error.Condition.ToString());
        await third.EndAsync();
        await AttachAsync(first, 3, null, epoch: 0);
        await AppendAsync(1);
        await first.GrantAsync(3, 1);
        Assert.Equal("1", await BodyAsync(first));
    }

    [Theory]
    [InlineData(null, Partition, "amqp:unauthorized-access")]
    [InlineData("registryRead", Partition, "amqp:unauthorized-access")]
    [InlineData("service", "other/ConsumerGroups/$Default/Partitions/0", "amqp:not-found")]
    [InlineData("service", "hub/ConsumerGroups/$Default/Partitions/1", "amqp:not-found")]
    public async Task Who_may_not_read_or_names_nothing_is_refused(string? policy, string address, string condition)
    {
        var client = await ConnectAsync(policy);
        await client.AttachReceiverAsync(0, address);
        Assert.Equal(condition, (await client.ExpectAsync<Detach>()).Error.Condition.ToString());
    }

    [Fact]
    public void A_policys_token_may_be_signed_with_the_text_of_its_key_and_a_devices_may_not()
    {
        byte[] key = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        var text = Encoding.ASCII.GetBytes(Convert.ToBase64String(key));
        Assert.True(IsSigned("service"));
        Assert.False(IsSigned(null));

        bool IsSigned(string? policy) =>
            TokenReading.TryRead(SharedAccessSignature.Create("hub.example", text, DateTimeOffset.MaxValue, policy), "hub.example", [], out var token)
            && token.IsSignedBy(key);
    }

    [Fact]
    public async Task The_path_of_the_hubs_own_endpoint_reads_the_same()
    {
        await AppendAsync(1);
        var client = await ConnectAsync();
        await client.AttachReceiverAsync(0, "messages/events/ConsumerGroups/$Default/Partitions/0");
        await client.GrantAsync(0, 1);
        Assert.Equal("1", await BodyAsync(client));
    }

    [Fact]
    public async Task The_entity_and_its_partition_are_described()
    {
        await AppendAsync(1, 2);
        var client = await ConnectAsync();
        await client.AttachSenderAsync(0, "$management");
        await client.ExpectAsync<Flow>();
        await client.SendAsync(0, new Attach { LinkName = "r", Handle = 1, Role = true, Source = new Source { Address = "$management" }, Target = new Target { Address = "me" } });
        await client.ExpectAsync<Attach>();
        await client.GrantAsync(1, 10);
        var hub = await AskAsync(client, 0, "com.microsoft:eventhub");
        Assert.Equal(1, hub["partition_count"]);
        Assert.Equal(["0"], Assert.IsType<string[]>(hub["partition_ids"]));
        var partition = await AskAsync(client, 1, "com.microsoft:partition");
        Assert.Equal((1L, 2L, "2", false), (partition["begin_sequence_number"], partition["last_enqueued_sequence_number"], partition["last_enqueued_offset"], partition["is_partition_empty"]));
    }

    private static async Task<Map> AskAsync(AmqpClient client, uint id, string type)
    {
        await client.TransferAsync(0, id, new Message
        {
            Properties = new Properties { MessageId = $"q{id}", ReplyTo = "me" },
            ApplicationProperties = new ApplicationProperties { ["operation"] = "READ", ["name"] = "hub", ["type"] = type, ["partition"] = "0" },
            BodySection = new Data { Binary = "[]"u8.ToArray() },
        });
        Message? answer = null;
        while (answer is null)
        {
            var frame = (await client.FrameAsync())!;
            answer = frame.Performative is Transfer ? AmqpClient.MessageOf(frame) : null;
        }

        Assert.Equal((200, $"q{id}"), (answer.ApplicationProperties["status-code"], answer.Properties.CorrelationId));
        return Assert.IsType<Map>(((AmqpValue)answer.BodySection).Value);
    }

    private static async Task<Message> ReceiveAsync(AmqpClient client)
    {
        var frame = (await client.FrameAsync())!;
        Assert.True(Assert.IsType<Transfer>(frame.Performative).Settled);
        return AmqpClient.MessageOf(frame);
    }

    private static async Task<string> BodyAsync(AmqpClient client) => Encoding.UTF8.GetString(((Data)(await ReceiveAsync(client)).BodySection).Binary);

    private static async Task AttachAsync(AmqpClient client, uint handle, string? filter, long? epoch = null)
    {
        var source = new Source { Address = Partition };
        if (filter is not null)
        {
            source.FilterSet = new Map
            {
                [new Symbol("apache.org:selector-filter:string")] = new DescribedValue(0x468C00000004UL, filter),
            };
        }

        var attach = new Attach { LinkName = $"r{handle}", Handle = handle, Role = true, Source = source, Target = new Target() };
        if (epoch is { } claimed)
        {
            attach.Properties = new Fields { [new Symbol("com.microsoft:epoch")] = claimed };
        }

        await client.SendAsync(0, attach);
        await client.ExpectAsync<Attach>();
    }

    private async Task<AmqpClient> ConnectAsync(string? policy = "service")
    {
        var peer = new AmqpPeer(new PresentedCertificates(), null);
        if (policy is not null)
        {
            var text = SharedAccessSignature.Create("hub.example", _hub.Policies.Find(policy)!.PrimaryKey.Span, _hub.Time.GetUtcNow().AddHours(1), policy);
            Assert.True(SharedAccessSignature.TryParse(text, out var token));
            Assert.True(peer.Tokens.TryAdd(token, _hub.Time.GetUtcNow()));
        }

        var access = new EventHubAccess(peer, new ServedHubs([_hub.Hub]), (_, _) => { });
        var handler = new AmqpConnectionHandler(
            [],
            _ => [new ManagementNode(access), new PartitionNode(access, _readers, _hub.Time)],
            new RefusalLedger(NullLogger<RefusalLedger>.Instance, _hub.Time),
            NullLogger<AmqpConnectionHandler>.Instance,
            _hub.Time);
        var client = new AmqpClient(handler, peer, _hub.Time);
        await client.OpenAsync(new Open { ContainerId = "test", HostName = "hub.example" });
        return client;
    }

    private async Task AppendAsync(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            await _hub.Hub.Feed.AppendAsync([Message($"{number}", _hub.Time.Start.AddSeconds(number))], Stop);
        }
    }

    private static TelemetryMessage Message(string body, DateTimeOffset at) => new()
    {
        Device = TestHub.Id("dev1"),
        Generation = "638000000000000000",
        Authentication = new AuthenticationMethod("device", "x509", "iothub"),
        Body = Encoding.UTF8.GetBytes(body),
        Enqueued = at,
    };
}
