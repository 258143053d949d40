using System.Text;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Amqp;
using Perennial.Server.Connections;

namespace Perennial.Server.Tests.Amqp;

public sealed class AmqpConnectionTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly AmqpPeer _peer = new(new PresentedCertificates(), "hub.localhost");
    private readonly EchoNode _node = new();

    private AmqpClient Connect() => new(
        new AmqpConnectionHandler(
            AmqpConnectionHandler.UsualMechanisms, _ => [_node], new RefusalLedger(NullLogger<RefusalLedger>.Instance, _time), NullLogger<AmqpConnectionHandler>.Instance, _time),
        _peer,
        _time);

    [Fact]
    public async Task A_peer_without_SASL_opens_begins_attaches_and_closes()
    {
        var client = Connect();
        await client.OpenAsync(new Open { ContainerId = "c", HostName = "Hub.Localhost:5671" });
        Assert.Equal("Hub.Localhost", _peer.HostName);
        var attach = await client.AttachSenderAsync(3, "echo");
        Assert.True(attach.Role);
        Assert.Equal("echo", Assert.IsType<Target>(attach.Target).Address);
        var flow = await client.ExpectAsync<Flow>();
        Assert.Equal((3u, AmqpBounds.Credit, 7u), (flow.Handle, flow.LinkCredit, flow.NextIncomingId));

        await client.SendAsync(0, new Detach { Handle = 3, Closed = true });
        Assert.True((await client.ExpectAsync<Detach>()).Closed);
        await client.SendAsync(0, new End());
        await client.ExpectAsync<End>();
        await client.SendAsync(0, new Close());
        await client.ExpectAsync<Close>();
        Assert.Null(await client.FrameAsync());
        Assert.Equal(1, _node.Detaches);
    }

    [Theory]
    [InlineData("ANONYMOUS")]
    [InlineData("EXTERNAL")]
    [InlineData("MSSBCBS")]
    [InlineData("PLAIN")]
    public async Task A_peer_may_come_with_SASL(string mechanism)
    {
        var client = Connect();
        await client.SendBytesAsync(ProtocolHeader.Sasl);
        Assert.Equal(ProtocolHeader.Sasl.ToArray(), await client.HeaderAsync());
        Assert.Contains(mechanism, Assert.IsType<SaslMechanisms>((await client.AnyFrameAsync())?.Performative).SaslServerMechanisms.Select(name => name.ToString()));
        await client.SendSaslAsync(new SaslInit { Mechanism = new Symbol(mechanism), InitialResponse = Encoding.UTF8.GetBytes("\0user\0token") });
        Assert.Equal(SaslCode.Ok, Assert.IsType<SaslOutcome>((await client.AnyFrameAsync())?.Performative).Code);
        await client.OpenAsync();
        Assert.Equal(mechanism == "PLAIN" ? new PlainCredentials("user", "token") : null, _peer.Plain);
    }

    [Theory]
    [InlineData("DIGEST-MD5", "")]
    [InlineData("PLAIN", "nothing")]
    [InlineData("PLAIN", "\0\0")]
    public async Task An_unknown_mechanism_or_a_broken_response_is_refused(string mechanism, string response)
    {
        var client = Connect();
        await client.SendBytesAsync(ProtocolHeader.Sasl);
        await client.HeaderAsync();
        await client.AnyFrameAsync();
        await client.SendSaslAsync(new SaslInit { Mechanism = new Symbol(mechanism), InitialResponse = Encoding.UTF8.GetBytes(response) });
        Assert.Equal(SaslCode.Auth, Assert.IsType<SaslOutcome>((await client.AnyFrameAsync())?.Performative).Code);
        Assert.Null(await client.AnyFrameAsync());
    }

    [Fact]
    public async Task A_peer_of_another_protocol_is_told_which_one_is_spoken()
    {
        var client = Connect();
        await client.SendBytesAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"));
        Assert.Equal(ProtocolHeader.Amqp.ToArray(), await client.HeaderAsync());
        Assert.Null(await client.AnyFrameAsync());
        await Assert.ThrowsAsync<AmqpProtocolException>(() => client.Served);
    }

    [Theory]
    [InlineData("elsewhere", "amqp:not-found")]
    [InlineData("no", "amqp:unauthorized-access")]
    public async Task A_refused_link_is_attached_without_its_end_and_detached_with_the_reason(string address, string condition)
    {
        var client = Connect();
        await client.OpenAsync();
        Assert.Null((await client.AttachReceiverAsync(0, address)).Source);
        Assert.Equal(condition, (await client.ExpectAsync<Detach>()).Error.Condition.ToString());
        Assert.Null((await client.AttachSenderAsync(1, address)).Target);
        Assert.Equal(condition, (await client.ExpectAsync<Detach>()).Error.Condition.ToString());

        // The handle is free again once the peer has detached too.
        await client.SendAsync(0, new Detach { Handle = 0, Closed = true });
        Assert.NotNull((await client.AttachReceiverAsync(0, "echo")).Source);
    }

    [Fact]
    public async Task Frames_may_come_byte_by_byte()
    {
        var client = Connect();
        using var split = new MemoryBytes(_time);
        await client.SendBytesAsync(ProtocolHeader.Amqp);
        await split.Channel.SendAsync(AmqpFrame.Performative, 0, new Open { ContainerId = "c" });
        await split.Channel.SendAsync(AmqpFrame.Performative, 0, null);
        await split.Channel.SendAsync(AmqpFrame.Performative, 0, new Begin { NextOutgoingId = 0, IncomingWindow = 1, OutgoingWindow = 1 });
        foreach (var part in split.Written)
        {
            await client.SendBytesAsync(new[] { part });
        }

        await client.HeaderAsync();
        await client.ExpectAsync<Open>();
        await client.ExpectAsync<Begin>();
    }

    [Theory]
    [InlineData("0001000102000000", "amqp:connection:framing-error")]
    [InlineData("0000000702000000", "amqp:connection:framing-error")]
    [InlineData("0000000801000000", "amqp:connection:framing-error")]
    [InlineData("0000000C020000000053FF45", "amqp:not-implemented")]
    [InlineData("0000000B0200000000531F", "amqp:decode-error")]
    [InlineData("0000000C0200000100531245", "amqp:not-allowed")]
    [InlineData("0000000C0200000000531745", null)]
    public async Task What_breaks_the_protocol_ends_the_connection_with_its_reason(string hex, string? condition)
    {
        var client = Connect();
        await client.OpenAsync();
        await client.SendBytesAsync(Convert.FromHexString(hex));
        if (condition is null)
        {
            await client.ExpectAsync<End>();
            return;
        }

        Assert.Equal(condition, (await client.ExpectAsync<Close>()).Error.Condition.ToString());
        await Assert.ThrowsAsync<AmqpProtocolException>(() => client.Served);
    }

    [Fact]
    public async Task An_open_that_does_not_come_in_fifteen_seconds_ends_the_connection()
    {
        var client = Connect();
        await client.SendBytesAsync(ProtocolHeader.Amqp);
        await client.HeaderAsync();
        _time.Advance(AmqpBounds.OpenTime - TimeSpan.FromMilliseconds(1));
        Assert.False(client.Served.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await client.AnyFrameAsync());
    }

    [Fact]
    public async Task Empty_frames_come_at_half_the_time_out_of_the_peer_and_a_silent_peer_is_dropped()
    {
        var client = Connect();
        await client.OpenAsync(new Open { ContainerId = "c", IdleTimeOut = 60_000 });
        for (var i = 0; i < 8; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            if (i < 7)
            {
                Assert.Null((await client.AnyFrameAsync())!.Performative);
            }
        }

        Assert.Null(await client.AnyFrameAsync());
    }

    [Fact]
    public async Task A_peer_that_sends_empty_frames_stays()
    {
        var client = Connect();
        await client.OpenAsync();
        for (var i = 0; i < 6; i++)
        {
            _time.Advance(AmqpBounds.IdleTime);
            await client.SendAsync(0, null);
            await client.SendAsync(0, new Flow { NextIncomingId = 0, IncomingWindow = 1, NextOutgoingId = 7, OutgoingWindow = 1, Echo = true });
            await client.ExpectAsync<Flow>();
        }
    }

    [Fact]
    public async Task Closing_from_this_side_leaves_the_peer_a_second_to_close_by_itself()
    {
        var client = Connect();
        await client.OpenAsync();
        await client.AttachReceiverAsync(0, "echo");
        _node.Link!.Session.Connection.Close(AmqpErrors.Of("amqp:unauthorized-access", "Gone."));
        await client.SendAsync(0, new Flow { NextIncomingId = 0, IncomingWindow = 1, NextOutgoingId = 7, OutgoingWindow = 1, Echo = true });
        await client.ExpectAsync<Flow>();
        _time.Advance(AmqpBounds.CloseTime);
        Assert.Equal("amqp:unauthorized-access", (await client.ExpectAsync<Close>()).Error.Condition.ToString());
        Assert.Null(await client.AnyFrameAsync());
    }
}
