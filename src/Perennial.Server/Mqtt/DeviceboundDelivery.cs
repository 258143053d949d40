using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Hub.Devicebound;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.Server.Storage;

namespace Perennial.Server.Mqtt;

/// <summary>
/// The messages of one connection to its device: delivered while it is subscribed, completed by its acknowledgement. What it did not
/// acknowledge is delivered again on its next connection (hub-protocol §1.7, §1.8).
/// </summary>
internal sealed class DeviceboundDelivery(
    ServedHub hub, HubConnect connect, MqttChannel channel, HubSubscriptions subscriptions, TimeProvider time)
{
    /// <summary>Messages that may wait for their acknowledgement.</summary>
    public const int MaxInFlight = 16;

    private readonly string _filter = HubFilter.Messages(connect.WireId, connect.ModuleId);
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, long> _inFlight = [];
    private CancellationToken _abandoned;
    private Task _settled = Task.CompletedTask;
    private Task _pump = Task.CompletedTask;
    private bool _isOpen;
    private bool _isWoken;
    private bool _isPumping;

    /// <summary>The device may be sent to; before, it is not.</summary>
    /// <param name="abandoned">Ends the waiting for a database that is away.</param>
    public void Start(CancellationToken abandoned)
    {
        lock (_gate)
        {
            _abandoned = abandoned;
            _isOpen = true;
        }

        Wake();
    }

    /// <summary>There may be messages to deliver, and room for them.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            if (_isOpen && !_isPumping && subscriptions.LevelOf(_filter) is not null)
            {
                _isPumping = true;
                _pump = Task.Run(PumpAsync);
            }
        }
    }

    /// <summary>The device has taken a message.</summary>
    public void Acknowledge(ushort packetId)
    {
        lock (_gate)
        {
            if (_inFlight.TryGetValue(packetId, out var number))
            {
                _settled = Task.WhenAll(_settled, CompleteAsync(packetId, number));
            }
        }
    }

    /// <summary>Nothing more is delivered; returns once what was acknowledged is completed.</summary>
    public async Task EndAsync()
    {
        Task settled;
        Task pump;
        lock (_gate)
        {
            _isOpen = false;
            (settled, pump) = (_settled, _pump);
        }

        await Task.WhenAll(settled, pump);
    }

    private async Task PumpAsync()
    {
        while (TryGoOn())
        {
            try
            {
                await DeliverAsync();
            }
            catch (IOException)
            {
                // The connection is gone; what is in flight is delivered on the next one.
            }
            catch (Exception)
            {
                // The database does not answer; whoever writes to it says so.
                await Task.Delay(UntilStored.Pause, time, _abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Wake();
            }
        }
    }

    private bool TryGoOn()
    {
        lock (_gate)
        {
            _isPumping = _isOpen && _isWoken;
            _isWoken = false;
            return _isPumping;
        }
    }

    private async Task DeliverAsync()
    {
        while (subscriptions.LevelOf(_filter) is { } level)
        {
            var held = Held();
            if (held.Count >= MaxInFlight)
            {
                return;
            }

            var messages = await hub.Receive.PresentAsync(connect.Id, held, MaxInFlight - held.Count, CancellationToken.None);
            foreach (var message in messages)
            {
                await SendAsync(message, level);
            }

            if (messages.Count == 0)
            {
                return;
            }
        }
    }

    private async Task SendAsync(ReceivedMessage received, int level)
    {
        var packetId = level > 0 ? TakeUp(received.Entry.Number) : (ushort)0;
        await channel.SendAsync(Packet(received, level, packetId), CancellationToken.None);
        if (level == 0)
        {
            await hub.Settle.ByNumberAsync(connect.Id, received.Entry.Number, CancellationToken.None);
        }
    }

    // A message has the same packet id on each connection, but for the rare one whose id is taken.
    private ushort TakeUp(long number)
    {
        lock (_gate)
        {
            var packetId = (ushort)(1 + (number % ushort.MaxValue));
            while (!_inFlight.TryAdd(packetId, number))
            {
                packetId = (ushort)(1 + (packetId % ushort.MaxValue));
            }

            return packetId;
        }
    }

    private MqttPublishPacket Packet(ReceivedMessage received, int level, ushort packetId) => new()
    {
        Topic = DeviceboundTopic.Message(connect.WireId, DeviceboundContent.PropertiesOf(received.Message), connect.ModuleId),
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)level,
        Dup = level > 0 && received.Entry.Deliveries > 1,
        PacketIdentifier = packetId,
        PayloadSegment = DeviceboundContent.Segment(received.Message.Body),
    };

    // A completion that fails leaves the message in the queue: it is delivered again.
    private async Task CompleteAsync(ushort packetId, long number)
    {
        Task completion = UntilStored.RunAsync(() => hub.Settle.ByNumberAsync(connect.Id, number, CancellationToken.None), time, _abandoned);
        await completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _inFlight.Remove(packetId);
        }

        Wake();
    }

    private HashSet<long> Held()
    {
        lock (_gate)
        {
            return [.. _inFlight.Values];
        }
    }
}
