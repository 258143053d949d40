using System.IO.Pipelines;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Perennial.Server.Amqp;
using Perennial.Server.Tests.Mqtt;

namespace Perennial.Server.Tests.Amqp;

/// <summary>A peer that speaks frames to the server's connection in memory.</summary>
internal sealed class AmqpClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PipePair _pair = new();
    private readonly AmqpChannel _channel;

    public AmqpClient(AmqpConnectionHandler handler, AmqpPeer peer, TimeProvider time)
    {
        _channel = new AmqpChannel(_pair.Client, time, _pair.Abort);
        Served = ServeAsync(handler, peer, time);
    }

    /// <summary>Ends with the connection; faults when the peer broke the protocol.</summary>
    public Task Served { get; }

    public PipeWriter Bytes => _pair.Client.Output;

    public ValueTask SendAsync(ushort channel, DescribedList? performative, ReadOnlyMemory<byte> payload = default) =>
        _channel.SendAsync(AmqpFrame.Performative, channel, performative, payload);

    public ValueTask SendSaslAsync(DescribedList frame) => _channel.SendAsync(AmqpFrame.Sasl, 0, frame);

    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes) => await _pair.Client.Output.WriteAsync(bytes);

    public async Task<byte[]?> HeaderAsync() => await _channel.ReceiveHeaderAsync(CancellationToken.None).AsTask().WaitAsync(Patience);

    /// <summary>The next frame that is not empty; null when the server has ended the connection.</summary>
    public async Task<ReceivedFrame?> FrameAsync()
    {
        while (await _channel.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(Patience) is { } frame)
        {
            if (frame.Performative is not null)
            {
                return frame;
            }
        }

        return null;
    }

    public async Task<T> ExpectAsync<T>()
        where T : DescribedList => Assert.IsType<T>((await FrameAsync())?.Performative);

    /// <summary>The next frame, empty ones included.</summary>
    public async Task<ReceivedFrame?> AnyFrameAsync() => await _channel.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(Patience);

    /// <summary>Headers, open and one session.</summary>
    public async Task OpenAsync(Open? open = null)
    {
        await SendBytesAsync(ProtocolHeader.Amqp);
        await SendAsync(0, open ?? new Open { ContainerId = "test", HostName = "hub.localhost" });
        await SendAsync(0, new Begin { NextOutgoingId = 7, IncomingWindow = 100, OutgoingWindow = 100 });
        Assert.Equal(ProtocolHeader.Amqp.ToArray(), await HeaderAsync());
        await ExpectAsync<Open>();
        await ExpectAsync<Begin>();
    }

    /// <summary>Attaches a link on which this end sends.</summary>
    public async Task<Attach> AttachSenderAsync(uint handle, string address)
    {
        await SendAsync(0, new Attach { LinkName = $"s{handle}", Handle = handle, Role = false, Source = new Source(), Target = new Target { Address = address }, InitialDeliveryCount = 0 });
        return await ExpectAsync<Attach>();
    }

    /// <summary>Attaches a link on which this end receives.</summary>
    public async Task<Attach> AttachReceiverAsync(uint handle, string address)
    {
        await SendAsync(0, new Attach { LinkName = $"r{handle}", Handle = handle, Role = true, Source = new Source { Address = address }, Target = new Target() });
        return await ExpectAsync<Attach>();
    }

    public ValueTask GrantAsync(uint handle, uint credit, uint deliveryCount = 0) => SendAsync(
        0,
        new Flow { NextIncomingId = 0, IncomingWindow = 100, NextOutgoingId = 7, OutgoingWindow = 100, Handle = handle, DeliveryCount = deliveryCount, LinkCredit = credit });

    public ValueTask TransferAsync(uint handle, uint id, Message message, bool isSettled = false)
    {
        var bytes = message.Encode();
        return SendAsync(
            0, new Transfer { Handle = handle, DeliveryId = id, DeliveryTag = [(byte)id], Settled = isSettled }, bytes.Buffer.AsMemory(bytes.Offset, bytes.Length));
    }

    public static Message MessageOf(ReceivedFrame frame) => AmqpCodec.DecodeMessage(frame.Payload);

    /// <summary>Ends this end's bytes.</summary>
    public async Task EndAsync()
    {
        await _pair.Client.Output.CompleteAsync();
        await Served.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(AmqpConnectionHandler handler, AmqpPeer peer, TimeProvider time)
    {
        try
        {
            await handler.ServeAsync(new AmqpChannel(_pair.Server, time, _pair.Abort), peer, CancellationToken.None);
        }
        finally
        {
            await _pair.Server.Output.CompleteAsync();
        }
    }
}
