using System.Buffers.Binary;
using Amqp;
using Amqp.Framing;

namespace Perennial.Server.Amqp;

/// <summary>A link on which the peer receives. Its members may be called from anywhere.</summary>
internal sealed class OutgoingLink(AmqpSession session, Attach attach, IOutgoingEndpoint endpoint) : AmqpLink(session, attach)
{
    /// <summary>Messages that may wait for credit; beyond it the link is detached.</summary>
    public const int MaxPosted = 1024;

    private readonly SenderSettleMode _mode = AttachReply.ModeOf(attach);
    private readonly Queue<ByteBuffer> _posted = new();
    private uint _deliveryCount;
    private uint _credit;

    /// <summary>The address to which the peer wants what comes on this link sent; clients pair requests and replies by it.</summary>
    public string? TargetAddress { get; } = (attach.Target as Target)?.Address;

    public IOutgoingEndpoint Endpoint { get; } = endpoint;

    /// <summary>Whether the peer wants every delivery settled, so that it says nothing of any.</summary>
    public bool SendsSettled => _mode == SenderSettleMode.Settled;

    /// <summary>How many messages the peer takes now.</summary>
    public int Credit
    {
        get
        {
            lock (Session.Connection.Gate)
            {
                return IsEnded || !Session.CanSend(1) ? 0 : (int)Math.Min(_credit, int.MaxValue);
            }
        }
    }

    /// <summary>Whether a message would be sent now.</summary>
    public bool CanSend
    {
        get
        {
            lock (Session.Connection.Gate)
            {
                return _credit > 0 && !IsEnded && Session.CanSend(1);
            }
        }
    }

    /// <summary>
    /// Sends a message when the peer's credit, its session window and the bound of unsettled deliveries allow it. A peer that asked for
    /// settled or unsettled deliveries alone gets those.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="tag">Names the delivery when the peer settles it; some clients read 16 bytes as a lock token.</param>
    /// <param name="isSettled">No answer of the peer is wanted.</param>
    /// <param name="format">The message format.</param>
    /// <returns>False when nothing was sent; <see cref="IOutgoingEndpoint.CreditGranted"/> tells when to try again.</returns>
    public bool TrySend(Message message, byte[] tag, bool isSettled, uint format = 0)
    {
        var bytes = message.Encode();
        lock (Session.Connection.Gate)
        {
            return _posted.Count == 0 && TrySend(bytes, tag, isSettled, format);
        }
    }

    /// <summary>Sends a message without asking for an answer, as soon as there is credit.</summary>
    public void Post(Message message)
    {
        var bytes = message.Encode();
        lock (Session.Connection.Gate)
        {
            if (_posted.Count > 0 || !TryPost(bytes))
            {
                _posted.Enqueue(bytes);
            }
        }

        if (_posted.Count > MaxPosted)
        {
            Detach(AmqpErrors.Of(ErrorCode.ResourceLimitExceeded, "The peer grants no credit for what it is sent."));
        }
    }

    /// <summary>Completes when what was sent so far has left; senders of much wait for it.</summary>
    public ValueTask FlushAsync() => Session.Connection.FlushAsync();

    /// <summary>Takes the peer's flow (AMQP 1.0 §2.6.7).</summary>
    public void Take(Flow flow)
    {
        lock (Session.Connection.Gate)
        {
            var ahead = unchecked(flow.DeliveryCount + flow.LinkCredit - _deliveryCount);
            _credit = ahead > int.MaxValue ? 0 : ahead;
        }

        Resume();
        if (flow.Drain)
        {
            Drain();
        }

        if (flow.Drain || flow.Echo)
        {
            Session.Send(Session.Fill(new Flow { Handle = Handle, DeliveryCount = _deliveryCount, LinkCredit = _credit, Drain = flow.Drain }));
        }
    }

    /// <summary>Sends what waits, then asks the endpoint for more.</summary>
    public void Resume()
    {
        lock (Session.Connection.Gate)
        {
            while (_posted.TryPeek(out var bytes) && TryPost(bytes))
            {
                _posted.Dequeue();
            }

            if (_credit == 0 || _posted.Count > 0)
            {
                return;
            }
        }

        Endpoint.CreditGranted();
    }

    protected override void OnEnded() => Endpoint.Detached();

    private void Drain()
    {
        lock (Session.Connection.Gate)
        {
            _deliveryCount = unchecked(_deliveryCount + _credit);
            _credit = 0;
        }
    }

    private bool TryPost(ByteBuffer bytes)
    {
        var tag = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(tag, _deliveryCount);
        return TrySend(bytes, tag, isSettled: true, format: 0);
    }

    private bool TrySend(ByteBuffer bytes, byte[] tag, bool isSettled, uint format)
    {
        if (_credit == 0 || IsEnded)
        {
            return false;
        }

        var settles = _mode switch { SenderSettleMode.Settled => true, SenderSettleMode.Unsettled => false, _ => isSettled };
        var transfer = new Transfer { Handle = Handle, DeliveryTag = tag, MessageFormat = format, Settled = settles };
        if (!Session.TrySend(this, transfer, bytes))
        {
            return false;
        }

        _credit--;
        _deliveryCount = unchecked(_deliveryCount + 1);
        return true;
    }
}
