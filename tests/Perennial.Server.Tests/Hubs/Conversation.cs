using System.Buffers;
using System.IO.Pipelines;
using MQTTnet.Packets;
using Perennial.Server.Connections;
using Perennial.Server.Mqtt;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Hubs;

/// <summary>One connection to the hub's door over pipes in memory, in bytes.</summary>
internal sealed class Conversation : IDuplexPipe
{
    private readonly Pipe _toServer = new();
    private readonly Pipe _toDevice = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Lock _gate = new();
    private bool _isOver;

    public Conversation(TestHub hub, TestCertificate? leaf)
    {
        var presented = new PresentedCertificates();
        if (leaf is not null)
        {
            presented.Take(leaf.WithKey, null);
        }

        Ended = ServeAsync(hub, presented);
    }

    /// <summary>Ends when the server is done with the connection.</summary>
    public Task Ended { get; }

    PipeReader IDuplexPipe.Input => _toServer.Reader;

    PipeWriter IDuplexPipe.Output => _toDevice.Writer;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _toServer.Writer.WriteAsync(bytes, Stop);

    /// <summary>So many bytes from the server; fewer when it ended the connection.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        var read = await _toDevice.Reader.ReadAtLeastAsync(count, Stop);
        var taken = read.Buffer.Slice(0, Math.Min(count, read.Buffer.Length));
        var bytes = taken.ToArray();
        _toDevice.Reader.AdvanceTo(taken.End);
        return bytes;
    }

    /// <summary>One whole packet from the server.</summary>
    public async Task<byte[]> ReceivePacketAsync()
    {
        var start = await ReceiveAsync(2);
        var length = start[1] & 0x7F;
        if (start[1] >= 0x80)
        {
            start = [.. start, .. await ReceiveAsync(1)];
            length |= start[2] << 7;
        }

        return [.. start, .. await ReceiveAsync(length)];
    }

    /// <summary>Everything the server sent and nobody received yet, once it is done.</summary>
    public async Task<byte[]> RestAsync()
    {
        await Ended.WaitAsync(Stop);
        return await ReceiveAsync(int.MaxValue);
    }

    /// <summary>The connection breaks.</summary>
    public void Break()
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _isOver = true;
                _toServer.Writer.Complete();
            }
        }
    }

    private async Task ServeAsync(TestHub hub, PresentedCertificates presented)
    {
        var channel = new MqttChannel(this, MqttEnd.Server, hub.Time, Break);
        try
        {
            if (await channel.ReceiveAsync(Stop) is MqttConnectPacket connect)
            {
                await hub.Door.RunAsync(new DeviceConnection(channel, connect, presented, "hub.example"), Stop);
            }
        }
        catch (Exception exception) when (exception is IOException or MqttProtocolException)
        {
            Break();
        }
        finally
        {
            await _toDevice.Writer.CompleteAsync();
        }
    }
}
