using System.Threading.Channels;
using MQTTnet.Packets;
using Perennial.Server.Connections;
using Perennial.Server.Storage;

namespace Perennial.Server.Mqtt;

/// <summary>
/// The publishes of one connection: storing goes on side by side, while acknowledgements and replies leave in the order of the
/// publishes, each once what it stands for is on disk. While the database is away they wait, and are then stored one after the other.
/// </summary>
internal sealed class PublishQueue(MqttChannel channel, TimeProvider time)
{
    private readonly Channel<(PendingPublish Publish, Task? Stored)> _pending =
        Channel.CreateUnbounded<(PendingPublish, Task?)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly InFlightWindow _window = new();
    private readonly Lock _gate = new();
    private int _unanswered;
    private bool _isBehind;

    /// <summary>Takes a publish; completes once the device may send the next one.</summary>
    public ValueTask AddAsync(PendingPublish publish)
    {
        lock (_gate)
        {
            _unanswered++;
            _pending.Writer.TryWrite((publish, _isBehind ? null : publish.Store?.Invoke() ?? Task.CompletedTask));
        }

        return _window.EnterAsync(publish.Size);
    }

    /// <summary>No more publishes come.</summary>
    public void Complete() => _pending.Writer.TryComplete();

    /// <summary>Answers until all is answered; a publish that cannot be stored ends the connection without its acknowledgement.</summary>
    /// <param name="abandoned">Gives up what waits for the database.</param>
    public async Task RunAsync(CancellationToken abandoned)
    {
        try
        {
            await foreach (var (publish, stored) in _pending.Reader.ReadAllAsync(CancellationToken.None))
            {
                await StoreAsync(publish, stored, abandoned);
                await AnswerAsync(publish);
                Leave(publish);
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

    // Behind an outage nothing overtakes: what comes is stored in turn until nothing waits.
    private async Task StoreAsync(PendingPublish publish, Task? stored, CancellationToken abandoned)
    {
        try
        {
            if (stored is not null)
            {
                await stored;
                return;
            }
        }
        catch (StorageUnavailableException)
        {
            lock (_gate)
            {
                _isBehind = true;
            }
        }

        if (publish.Store is { } store)
        {
            await UntilStored.RunAsync(store, time, abandoned);
        }
    }

    private async ValueTask AnswerAsync(PendingPublish publish)
    {
        var reply = publish.Reply is null ? null : await publish.Reply();
        if (publish.PacketId is { } id)
        {
            await channel.SendAsync(new MqttPubAckPacket { PacketIdentifier = id }, reply, CancellationToken.None);
        }
        else if (reply is not null)
        {
            await channel.SendAsync(reply, CancellationToken.None);
        }

        publish.Answered?.Invoke();
    }

    private void Leave(PendingPublish publish)
    {
        lock (_gate)
        {
            _isBehind &= --_unanswered > 0;
        }

        _window.Leave(publish.Size);
    }
}
