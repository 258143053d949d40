using Amqp.Framing;
using Amqp.Types;
using Perennial.Hub.Devicebound;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.Server.Storage;
using DeviceId = Perennial.Hub.Devices.DeviceId;
using Message = Amqp.Message;

namespace Perennial.Server.Amqp.Devices;

/// <summary>
/// Messages to one device on one link: taken under locks as the device grants credit, the lock being the delivery's tag, and settled by what
/// the device says. What is unsettled when the link ends goes back to the queue (hub-protocol §3.4, §5.3).
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A cancellation source without a timer holds nothing; it is cancelled when the link ends.")]
internal sealed class DeviceboundDelivery(
    ServedHub hub, DeviceId id, TimeProvider time, Action<DeviceboundDelivery> forget, Action ended) : IOutgoingEndpoint
{
    /// <summary>Messages taken at a time.</summary>
    private const int MaxTaken = 16;

    private static readonly Symbol SequenceNumber = new("x-opt-sequence-number");
    private static readonly Symbol LockToken = new("x-opt-lock-token");
    private static readonly Symbol EnqueuedTime = new("iothub-enqueuedtime");
    private static readonly Symbol DeliveryCount = new("iothub-deliverycount");
    private static readonly Symbol InputName = new("x-opt-input-name");

    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _held = [];
    private readonly CancellationTokenSource _ended = new();
    private OutgoingLink? _link;
    private bool _isWoken;
    private bool _isPumping;

    public void Attached(OutgoingLink link) => _link = link;

    public void CreditGranted() => Wake();

    /// <summary>There may be messages to deliver, and credit for them.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            if (!_isPumping && _link is { IsEnded: false })
            {
                _isPumping = true;
                _ = Task.Run(PumpAsync);
            }
        }
    }

    public async Task SettledAsync(byte[] tag, DeliveryState? state)
    {
        var token = new Guid(tag);
        lock (_gate)
        {
            _held.Remove(token);
        }

        var settlement = state switch
        {
            null or Accepted => Settlement.Complete,
            Rejected => Settlement.Reject,
            _ => Settlement.Abandon,
        };
        if (!await SettleAsync(token, settlement))
        {
            throw new AmqpProtocolException(AmqpErrors.MessageLockLost, "The lock of the message is lost.");
        }
    }

    public void Detached()
    {
        Guid[] held;
        lock (_gate)
        {
            held = [.. _held];
            _held.Clear();
        }

        _ended.Cancel();
        _ = AbandonAsync(held);
        forget(this);
        ended();
    }

    private Task<bool> SettleAsync(Guid token, Settlement settlement) =>
        UntilStored.RunAsync(() => hub.Settle.ByLockAsync(id, token, settlement, CancellationToken.None), time, _ended.Token);

    private async Task PumpAsync()
    {
        while (TryGoOn())
        {
            try
            {
                await DeliverAsync();
            }
            catch (Exception)
            {
                // The database does not answer; whoever writes to it says so.
                await Task.Delay(UntilStored.Pause, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Wake();
            }
        }
    }

    private bool TryGoOn()
    {
        lock (_gate)
        {
            _isPumping = _isWoken && !_link!.IsEnded;
            _isWoken = false;
            return _isPumping;
        }
    }

    private async Task DeliverAsync()
    {
        while (_link!.Credit is > 0 and var credit)
        {
            var messages = await hub.Receive.LockAsync(id, Math.Min(credit, MaxTaken), lockTime: null, CancellationToken.None);
            if (messages.Count == 0)
            {
                return;
            }

            foreach (var message in messages)
            {
                await SendAsync(message);
            }
        }
    }

    private async Task SendAsync(ReceivedMessage received)
    {
        var token = received.Entry.Lock!.Value;
        lock (_gate)
        {
            _held.Add(token);
        }

        var isSent = _link!.TrySend(MessageOf(received), token.ToByteArray(), isSettled: false);
        if (!isSent || _link.SendsSettled)
        {
            lock (_gate)
            {
                _held.Remove(token);
            }

            await hub.Settle.ByLockAsync(id, token, isSent ? Settlement.Complete : Settlement.Abandon, CancellationToken.None);
        }
    }

    private async Task AbandonAsync(Guid[] held)
    {
        foreach (var token in held)
        {
            Task abandoned = hub.Settle.ByLockAsync(id, token, Settlement.Abandon, CancellationToken.None);

            // One that fails comes back when its lock ends.
            await abandoned.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Message MessageOf(ReceivedMessage received)
    {
        var content = DeviceboundContent.PropertiesOf(received.Message);
        var message = AmqpContent.Create(content, received.Message.Body);
        message.MessageAnnotations = new MessageAnnotations();
        message.MessageAnnotations[SequenceNumber] = (ulong)received.Entry.Number;
        message.MessageAnnotations[LockToken] = received.Entry.Lock!.Value;
        message.MessageAnnotations[EnqueuedTime] = received.Message.Enqueued.UtcDateTime;
        message.MessageAnnotations[DeliveryCount] = (byte)Math.Min(received.Entry.Deliveries, byte.MaxValue);
        if (content[SystemProperty.OutputName] is { } input)
        {
            message.MessageAnnotations[InputName] = input;
        }

        return message;
    }
}
