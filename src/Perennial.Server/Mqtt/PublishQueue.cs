using System.Threading.Channels;
using MQTTnet.Packets;

namespace Perennial.Server.Mqtt;

/// <summary>
/// The publishes of one connection: storing goes on side by side, while acknowledgements and replies leave in the order of the
/// publishes, each once what it stands for is on disk.
/// </summary>
internal sealed class PublishQueue(MqttChannel channel)
{
    private readonly Channel<PendingPublish> _pending =
        Channel.CreateUnbounded<PendingPublish>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly PublishWindow _window = new();

    /// <summary>Takes a publish; completes once the device may send the next one.</summary>
    public ValueTask AddAsync(PendingPublish publish)
    {
        _pending.Writer.TryWrite(publish);
        return _window.EnterAsync(publish.Size);
    }

    /// <summary>No more publishes come.</summary>
    public void Complete() => _pending.Writer.TryComplete();

    /// <summary>Answers until all is answered; a publish that cannot be stored ends the connection without its acknowledgement.</summary>
    public async Task RunAsync()
    {
        try
        {
            await foreach (var publish in _pending.Reader.ReadAllAsync())
            {
                await AnswerAsync(publish);
                _window.Leave(publish.Size);
            }
        }
        catch
        {
            channel.Abort();
            throw;
        }
        finally
        {
            Complete();
            _window.Open();
        }
    }

    private async ValueTask AnswerAsync(PendingPublish publish)
    {
        await publish.Stored;
        var reply = publish.Reply is null ? null : await publish.Reply();
        if (publish.PacketId is { } id)
        {
            await channel.SendAsync(new MqttPubAckPacket { PacketIdentifier = id }, reply, CancellationToken.None);
        }
        else if (reply is not null)
        {
            await channel.SendAsync(reply, CancellationToken.None);
        }
    }
}
