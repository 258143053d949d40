using System.Buffers;
using System.IO.Pipelines;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Server.Mqtt;

namespace Perennial.Server.Tests.Mqtt;

public sealed class MqttChannelTests
{
    private static readonly MqttConnectPacket Connect = new() { ClientId = "device", Username = "user", KeepAlivePeriod = 30 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Any_bytes_are_a_packet_or_a_protocol_fault() => Gen.Select(Gen.Byte.Array[0, 64], Gen.Int[0, 3]).Sample((bytes, start) =>
    {
        byte[] prefix = start switch
        {
            0 => [],
            1 => [0x10, (byte)(bytes.Length + 7), 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4],
            2 => [0x82, (byte)bytes.Length],
            _ => [0x32, (byte)bytes.Length],
        };
        var buffer = new ReadOnlySequence<byte>([.. prefix, .. bytes]);
        try
        {
            var channel = new MqttChannel(Over(buffer), MqttEnd.Server, new FakeTimeProvider(), () => { });
            while (channel.ReceiveAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is not null)
            {
                // Whole packets may follow each other.
            }
        }
        catch (MqttProtocolException)
        {
            // The only way out for what is no packet.
        }
    });

    [Theory]
    [InlineData("30 81 80 14", "a PUBLISH over 256 KB and its topic")]
    [InlineData("10 81 80 04", "a CONNECT over 64 KB")]
    [InlineData("82 81 80 01", "a SUBSCRIBE over 16 KB")]
    [InlineData("C0 01", "a PINGREQ with a body")]
    [InlineData("30 80 80 80 80", "a length of five bytes")]
    [InlineData("00 00", "a packet of type 0")]
    [InlineData("36 02", "quality of service 3")]
    [InlineData("80 05", "a SUBSCRIBE without its reserved bit")]
    [InlineData("20 02", "a packet that only a server sends")]
    public void A_header_out_of_bounds_is_refused_before_its_body_comes(string hex, string what)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal)));

        var exception = Record.Exception(() => MqttFrame.TryTake(ref buffer, MqttEnd.Server, out _));

        Assert.True(exception is MqttProtocolException, what);
    }

    [Fact]
    public async Task The_first_packet_is_a_CONNECT()
    {
        var channel = new MqttChannel(Over(new ReadOnlySequence<byte>([0xC0, 0x00])), MqttEnd.Server, TimeProvider.System, () => { });

        await Assert.ThrowsAsync<MqttProtocolException>(async () => await channel.ReceiveAsync(Token));
    }

    [Fact]
    public async Task Packets_of_many_senders_arrive_whole_and_each_once()
    {
        const int Count = 500;
        var pair = new PipePair();
        var server = new MqttChannel(pair.Server, MqttEnd.Server, TimeProvider.System, pair.Abort);
        var client = new MqttChannel(pair.Client, MqttEnd.Client, TimeProvider.System, pair.Abort);
        var sending = Enumerable.Range(0, Count).Select(i => Task.Run(() => server.SendAsync(Numbered(i), Token).AsTask(), Token)).ToList();

        var seen = new HashSet<int>();
        while (seen.Count < Count)
        {
            var publish = (MqttPublishPacket)(await client.ReceiveAsync(Token))!;
            Assert.True(seen.Add(publish.PacketIdentifier - 1));
            Assert.Equal(publish.PacketIdentifier, publish.Payload.Length);
        }

        await Task.WhenAll(sending);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_aborted_before_memory_is_spent_on_it()
    {
        var pair = new PipePair();
        var isAborted = false;
        var server = new MqttChannel(pair.Server, MqttEnd.Server, TimeProvider.System, () => isAborted = true);

        var big = new MqttPublishPacket { Topic = "t", Payload = new ReadOnlySequence<byte>(new byte[64 * 1024]) };
        await Assert.ThrowsAsync<IOException>(() => Task.WhenAny(Enumerable.Range(0, 100).Select(_ => server.SendAsync(big, Token).AsTask()).ToList()));

        Assert.True(isAborted);
    }

    [Fact]
    public async Task A_connection_that_ended_gives_no_packet_and_takes_none()
    {
        var pair = new PipePair();
        var server = new MqttChannel(pair.Server, MqttEnd.Server, TimeProvider.System, pair.Abort);
        await pair.Client.Output.CompleteAsync();
        await pair.Client.Input.CompleteAsync();

        Assert.Null(await server.ReceiveAsync(Token));
        await Assert.ThrowsAsync<IOException>(async () => await server.SendAsync(MqttPingRespPacket.Instance, Token));
        await Assert.ThrowsAsync<IOException>(async () => await server.SendAsync(MqttPingRespPacket.Instance, Token));
    }

    [Fact]
    public async Task A_silent_peer_is_ended_at_one_and_a_half_times_its_keep_alive()
    {
        var time = new FakeTimeProvider();
        var pair = new PipePair();
        var isAborted = false;
        var server = new MqttChannel(pair.Server, MqttEnd.Server, time, () => isAborted = true);
        var client = new MqttChannel(pair.Client, MqttEnd.Client, time, pair.Abort);
        using var watch = new KeepAliveWatch(server, KeepAliveWatch.LimitOf(Connect.KeepAlivePeriod, TimeSpan.FromHours(1)), time);

        time.Advance(TimeSpan.FromSeconds(40));
        await client.SendAsync(Connect, Token);
        await server.ReceiveAsync(Token);
        time.Advance(TimeSpan.FromSeconds(44));
        Assert.False(isAborted);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(isAborted);
    }

    private static MqttPublishPacket Numbered(int i) => new()
    {
        Topic = "t",
        PacketIdentifier = (ushort)(i + 1),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Payload = new ReadOnlySequence<byte>(new byte[i + 1]),
    };

    private static IDuplexPipe Over(ReadOnlySequence<byte> received) => new Received(PipeReader.Create(received), new Pipe().Writer);

    private sealed record Received(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
