using Amqp;
using Amqp.Framing;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Amqp;
using Perennial.Server.Connections;

namespace Perennial.Server.Tests.Amqp;

public sealed class AmqpLinkTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly EchoNode _node = new();

    private AmqpClient Connect() => new(
        new AmqpConnectionHandler(
            [], _ => [_node], new RefusalLedger(NullLogger<RefusalLedger>.Instance, _time), NullLogger<AmqpConnectionHandler>.Instance, _time),
        new AmqpPeer(new PresentedCertificates(), null),
        _time);

    [Fact]
    public async Task A_message_is_settled_once_its_outcome_is_known_and_the_next_is_taken_meanwhile()
    {
        var client = Connect();
        await client.OpenAsync();
        await client.AttachSenderAsync(0, "echo");
        await client.ExpectAsync<Flow>();
        var pending = _node.Pending = new TaskCompletionSource<Outcome>();
        await client.TransferAsync(0, 10, new Message("slow"));
        await SeenAsync(1);
        _node.Pending = null;
        await client.TransferAsync(0, 11, new Message("quick"));
        var first = await client.ExpectAsync<Dispose>();
        Assert.Equal((11u, true, true), (first.First, first.Settled, first.State is Accepted));

        pending.SetResult(AmqpErrors.Reject("amqp:not-allowed", "No."));
        var second = await client.ExpectAsync<Dispose>();
        Assert.Equal(10u, second.First);
        Assert.Equal("amqp:not-allowed", Assert.IsType<Rejected>(second.State).Error.Condition.ToString());
    }

    [Fact]
    public Task A_message_may_come_in_any_number_of_frames() => Gen.Int[1, 900].Array[1, 6].SampleAsync(
        async sizes =>
        {
            var node = new EchoNode();
            var client = new AmqpClient(
                new AmqpConnectionHandler([], _ => [node], new RefusalLedger(NullLogger<RefusalLedger>.Instance, _time), NullLogger<AmqpConnectionHandler>.Instance, _time),
                new AmqpPeer(new PresentedCertificates(), null),
                _time);
            await client.OpenAsync();
            await client.AttachSenderAsync(0, "echo");
            await client.ExpectAsync<Flow>();
            for (var i = 0; i < sizes.Length; i++)
            {
                var part = Enumerable.Repeat((byte)i, sizes[i]).ToArray();
                await client.SendAsync(0, new Transfer { Handle = 0, DeliveryId = 5, DeliveryTag = [5], More = i + 1 < sizes.Length }, part);
            }

            await client.ExpectAsync<Dispose>();
            await client.EndAsync();
            return node.Taken.Single().Bytes.ToArray().SequenceEqual(sizes.SelectMany((size, i) => Enumerable.Repeat((byte)i, size)));
        },
        iter: 20);

    [Fact]
    public async Task A_message_over_the_bound_is_refused_and_the_link_goes_on()
    {
        var client = Connect();
        await client.OpenAsync();
        await client.AttachSenderAsync(0, "echo");
        await client.ExpectAsync<Flow>();
        for (var sent = 0; sent <= AmqpBounds.MaxMessage; sent += 60_000)
        {
            await client.SendAsync(0, new Transfer { Handle = 0, DeliveryId = 1, DeliveryTag = [1], More = sent + 60_000 <= AmqpBounds.MaxMessage }, new byte[60_000]);
        }

        Assert.Equal(ErrorCode.MessageSizeExceeded, Assert.IsType<Rejected>((await client.ExpectAsync<Dispose>()).State).Error.Condition.ToString());
        Assert.Empty(_node.Taken);
        await client.TransferAsync(0, 2, new Message("small"));
        Assert.IsType<Accepted>((await client.ExpectAsync<Dispose>()).State);
    }

    [Fact]
    public async Task Credit_is_granted_again_before_it_is_used_up()
    {
        var client = Connect();
        await client.OpenAsync();
        await client.AttachSenderAsync(0, "echo");
        await client.ExpectAsync<Flow>();
        for (uint i = 0; i < AmqpBounds.Credit / 2; i++)
        {
            await client.TransferAsync(0, i, new Message("m"), isSettled: true);
        }

        var flow = await client.ExpectAsync<Flow>();
        Assert.Equal((AmqpBounds.Credit, AmqpBounds.Credit / 2), (flow.LinkCredit, flow.DeliveryCount));
        Assert.Equal(7 + (AmqpBounds.Credit / 2), flow.NextIncomingId);
    }

    [Fact]
    public async Task Messages_wait_for_credit_and_then_leave_in_their_order()
    {
        var client = Connect();
        await client.OpenAsync();
        await client.AttachReceiverAsync(0, "echo");
        Assert.False(_node.Link!.TrySend(new Message("early"), [1], isSettled: true));
        foreach (var text in new[] { "a", "b", "c" })
        {
            _node.Link.Post(new Message(text));
        }

        await client.GrantAsync(0, 2);
        Assert.Equal("a", AmqpClient.MessageOf((await client.FrameAsync())!).Body);
        Assert.Equal("b", AmqpClient.MessageOf((await client.FrameAsync())!).Body);
        await client.GrantAsync(0, 5, deliveryCount: 2);
        Assert.Equal("c", AmqpClient.MessageOf((await client.FrameAsync())!).Body);
        Assert.True(_node.Link.TrySend(new Message("later"), [1], isSettled: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_outcome_reaches_the_node_by_its_tag_and_is_confirmed_to_a_peer_that_waits_for_it(bool settles)
    {
        var client = Connect();
        await client.OpenAsync();
        await client.AttachReceiverAsync(0, "echo");
        await client.GrantAsync(0, 1);
        await client.SendAsync(0, new Flow { NextIncomingId = 0, IncomingWindow = 100, NextOutgoingId = 7, OutgoingWindow = 100, Echo = true });
        await client.ExpectAsync<Flow>();
        Assert.True(_node.Link!.TrySend(new Message("m"), [0xAB], isSettled: false));
        var transfer = await client.ExpectAsync<Transfer>();
        await client.SendAsync(0, new Dispose { Role = true, First = transfer.DeliveryId, Settled = settles, State = new Released() });
        if (!settles)
        {
            var confirmed = await client.ExpectAsync<Dispose>();
            Assert.Equal((false, true, transfer.DeliveryId), (confirmed.Role, confirmed.Settled, confirmed.First));
        }

        await client.SendAsync(0, new Close());
        await client.ExpectAsync<Close>();
        Assert.Equal(("AB", typeof(Released)), (_node.Settled.Single().Tag, _node.Settled[0].State!.GetType()));
    }

    [Fact]
    public async Task A_message_larger_than_a_frame_of_the_peer_leaves_in_several_within_its_window()
    {
        var client = Connect();
        await client.OpenAsync(new Open { ContainerId = "c", MaxFrameSize = 512 });
        await client.AttachReceiverAsync(0, "echo");
        await client.GrantAsync(0, 1);
        var body = new byte[2000];
        _node.Link!.Post(new Message { BodySection = new Data { Binary = body } });
        var (bytes, more) = (0, true);
        while (more)
        {
            var frame = (await client.FrameAsync())!;
            more = ((Transfer)frame.Performative!).More;
            Assert.InRange(frame.Payload.Length, 1, 512);
            bytes += frame.Payload.Length;
        }

        Assert.InRange(bytes, body.Length, body.Length + 20);
    }

    [Fact]
    public async Task A_drain_uses_the_credit_up()
    {
        var client = Connect();
        await client.OpenAsync();
        await client.AttachReceiverAsync(0, "echo");
        await client.SendAsync(
            0,
            new Flow { NextIncomingId = 0, IncomingWindow = 100, NextOutgoingId = 7, OutgoingWindow = 100, Handle = 0, DeliveryCount = 0, LinkCredit = 5, Drain = true });
        var flow = await client.ExpectAsync<Flow>();
        Assert.Equal((0u, 5u, true), (flow.LinkCredit, flow.DeliveryCount, flow.Drain));
    }

    [Fact]
    public async Task The_end_of_a_session_ends_its_links()
    {
        var client = Connect();
        await client.OpenAsync();
        await client.AttachReceiverAsync(0, "echo");
        await client.AttachReceiverAsync(1, "echo");
        await client.SendAsync(0, new End());
        await client.ExpectAsync<End>();
        Assert.Equal(2, _node.Detaches);
        Assert.False(_node.Link!.TrySend(new Message("m"), [1], isSettled: true));
    }

    private async Task SeenAsync(int count)
    {
        while (_node.Taken.Count < count)
        {
            await Task.Yield();
        }
    }
}
