using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Perennial.Server.Amqp;

/// <summary>One session of a connection (AMQP 1.0 §2.5): its links, its windows, its unsettled deliveries. Frames are handled by the connection's reader.</summary>
internal sealed class AmqpSession
{
    // The transfer performative before a payload, its tag included.
    private const int TransferRoom = 128;

    private readonly Dictionary<uint, AmqpLink> _links = [];
    private readonly Dictionary<uint, Unsettled> _unsettled = [];
    private readonly ushort _channel;
    private uint _nextOutgoingId;
    private uint _nextDeliveryId;
    private uint _nextIncomingId;
    private uint _peerWindow;
    private bool _isEnded;

    public AmqpSession(AmqpConnection connection, ushort channel, Begin begin)
    {
        Connection = connection;
        _channel = channel;
        _nextIncomingId = begin.NextOutgoingId;
        _peerWindow = begin.IncomingWindow;
    }

    public AmqpConnection Connection { get; }

    public void SendBegin() => Send(new Begin
    {
        RemoteChannel = _channel,
        NextOutgoingId = _nextOutgoingId,
        IncomingWindow = AmqpBounds.IncomingWindow,
        OutgoingWindow = AmqpBounds.IncomingWindow,
        HandleMax = AmqpBounds.HandleMax,
    });

    /// <summary>Handles a frame of this session.</summary>
    /// <returns>Completes once the peer may send the next frame.</returns>
    public ValueTask HandleAsync(ReceivedFrame frame, CancellationToken cancellationToken)
    {
        switch (frame.Performative)
        {
            case Transfer transfer:
                return TakeAsync(transfer, frame.Payload);
            case Attach attach:
                return AttachAsync(attach, cancellationToken);
            case Flow flow:
                Take(flow);
                break;
            case Dispose disposition:
                Take(disposition);
                break;
            case Detach detach:
                Take(detach);
                break;
            default:
                throw new AmqpProtocolException(ErrorCode.NotAllowed, $"{frame.Performative} does not belong in a session.");
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the links, which the peer is not told: the session or the connection is over.</summary>
    public void End()
    {
        _isEnded = true;
        foreach (var link in _links.Values)
        {
            (link as IncomingLink)?.Forget();
            link.TryEnd();
        }

        Connection.CountLinks(-_links.Count);
        _links.Clear();
    }

    /// <summary>Sends a frame of this session, without waiting for it to leave.</summary>
    public void Send(DescribedList performative, ReadOnlyMemory<byte> payload = default)
    {
        if (!_isEnded)
        {
            Connection.Send(_channel, performative, payload);
        }
    }

    public void SendEnd(Error? error = null) => Connection.Send(_channel, new End { Error = error });

    public void SendDetach(AmqpLink link, Error? error) => Send(new Detach { Handle = link.Handle, Closed = true, Error = error });

    /// <summary>Completes a flow with the state of the session.</summary>
    public Flow Fill(Flow flow)
    {
        flow.NextIncomingId = _nextIncomingId;
        flow.IncomingWindow = AmqpBounds.IncomingWindow;
        flow.NextOutgoingId = _nextOutgoingId;
        flow.OutgoingWindow = AmqpBounds.IncomingWindow;
        return flow;
    }

    /// <summary>Whether the peer's window takes so many frames now. Under the connection's gate.</summary>
    public bool CanSend(int frames) => !_isEnded && frames <= _peerWindow && _unsettled.Count < AmqpBounds.MaxUnsettled;

    /// <summary>Sends a delivery, in as many frames as it needs. Under the connection's gate.</summary>
    /// <returns>False when a bound does not allow it; nothing was sent then.</returns>
    public bool TrySend(OutgoingLink link, Transfer transfer, ByteBuffer bytes)
    {
        var room = Connection.MaxFrameOut - AmqpFrame.HeaderSize - TransferRoom;
        var frames = Math.Max(1, (bytes.Length + room - 1) / room);
        if (!CanSend(frames))
        {
            return false;
        }

        transfer.DeliveryId = _nextDeliveryId;
        if (!transfer.Settled)
        {
            _unsettled.Add(_nextDeliveryId, new Unsettled(link, transfer.DeliveryTag));
        }

        _nextDeliveryId = unchecked(_nextDeliveryId + 1);
        var payload = bytes.Buffer.AsMemory(bytes.Offset, bytes.Length);
        for (var i = 0; i < frames; i++)
        {
            var part = payload.Slice(i * room, Math.Min(room, payload.Length - (i * room)));
            var frame = i == 0 ? transfer : new Transfer { Handle = link.Handle, DeliveryId = transfer.DeliveryId };
            frame.More = i + 1 < frames;
            Send(frame, part);
            _nextOutgoingId = unchecked(_nextOutgoingId + 1);
            _peerWindow--;
        }

        return true;
    }

    private async ValueTask AttachAsync(Attach attach, CancellationToken cancellationToken)
    {
        if (attach.Handle > AmqpBounds.HandleMax || _links.ContainsKey(attach.Handle) || !Connection.CountLinks(1))
        {
            throw new AmqpProtocolException(ErrorCode.ResourceLimitExceeded, $"The handle {attach.Handle} is in use or out of bounds, or there are too many links.");
        }

        var attached = new AttachReply(this, attach);
        var link = attached.Link(await Connection.AskAsync(this, attach, cancellationToken));
        _links.Add(attach.Handle, link);
        attached.Send(link);
    }

    private ValueTask TakeAsync(Transfer transfer, ReadOnlyMemory<byte> payload)
    {
        _nextIncomingId = unchecked(_nextIncomingId + 1);
        return Find(transfer.Handle) is IncomingLink link
            ? link.IsEnded ? ValueTask.CompletedTask : link.TakeAsync(transfer, payload)
            : throw new AmqpProtocolException(ErrorCode.NotAllowed, "A transfer on a link on which the peer receives.");
    }

    private void Take(Flow flow)
    {
        lock (Connection.Gate)
        {
            var known = flow.HasField(0) ? flow.NextIncomingId : 0;
            var window = unchecked(known + flow.IncomingWindow - _nextOutgoingId);
            _peerWindow = window > int.MaxValue ? (uint)(flow.IncomingWindow > int.MaxValue ? int.MaxValue : 0) : window;
        }

        if (!flow.HasHandle)
        {
            Resume();
            if (flow.Echo)
            {
                Send(Fill(new Flow()));
            }
        }
        else if (Find(flow.Handle) is OutgoingLink outgoing)
        {
            outgoing.Take(flow);
        }
        else if (flow.Echo && Find(flow.Handle) is IncomingLink incoming)
        {
            Send(incoming.Flow());
        }
    }

    private void Take(Dispose disposition)
    {
        // Outcomes of what the peer sent were told when they were decided: there is nothing to learn of them, nor of a mere "received".
        if (!disposition.Role || !(disposition.Settled || disposition.State is Outcome))
        {
            return;
        }

        var last = disposition.HasField(2) ? disposition.Last : disposition.First;
        var wasFull = !CanSend(1);
        foreach (var (id, delivery) in Settling(disposition.First, last))
        {
            _ = SettleAsync(id, delivery, disposition);
        }

        if (wasFull)
        {
            Resume();
        }
    }

    private void Resume()
    {
        foreach (var waiting in _links.Values.OfType<OutgoingLink>())
        {
            waiting.Resume();
        }
    }

    private List<(uint Id, Unsettled Delivery)> Settling(uint first, uint last)
    {
        var settling = new List<(uint, Unsettled)>();
        lock (Connection.Gate)
        {
            var count = unchecked(last - first);
            IEnumerable<uint> ids = count < _unsettled.Count
                ? Enumerable.Range(0, (int)count + 1).Select(i => unchecked(first + (uint)i)).ToList()
                : _unsettled.Keys.Where(id => unchecked(id - first) <= count).Order().ToList();
            foreach (var id in ids)
            {
                if (_unsettled.Remove(id, out var delivery))
                {
                    settling.Add((id, delivery));
                }
            }
        }

        return settling;
    }

    private async Task SettleAsync(uint id, Unsettled delivery, Dispose disposition)
    {
        DeliveryState? state = disposition.State;
        try
        {
            if (!delivery.Link.IsEnded)
            {
                await delivery.Link.Endpoint.SettledAsync(delivery.Tag, state);
            }
        }
        catch (AmqpProtocolException exception)
        {
            state = AmqpErrors.Reject(exception.Condition, exception.Message);
        }
        catch (Exception exception)
        {
            Connection.Failed(exception);
            state = AmqpErrors.Reject(ErrorCode.InternalError, "The outcome could not be kept.");
        }

        if (!disposition.Settled)
        {
            Send(new Dispose { Role = false, First = id, Last = id, Settled = true, State = state });
        }
    }

    private void Take(Detach detach)
    {
        var link = Find(detach.Handle);
        _links.Remove(detach.Handle);
        lock (Connection.Gate)
        {
            foreach (var (id, delivery) in _unsettled)
            {
                if (delivery.Link == link)
                {
                    _unsettled.Remove(id);
                }
            }
        }

        Connection.CountLinks(-1);
        (link as IncomingLink)?.Forget();
        if (link.TryEnd())
        {
            Send(new Detach { Handle = detach.Handle, Closed = detach.Closed });
        }
    }

    private AmqpLink Find(uint handle) => _links.TryGetValue(handle, out var link)
        ? link
        : throw new AmqpProtocolException(ErrorCode.UnattachedHandle, $"No link has the handle {handle}.");

    private sealed record Unsettled(OutgoingLink Link, byte[] Tag);
}
