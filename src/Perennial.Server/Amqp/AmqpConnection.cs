using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Perennial.Server.Connections;

namespace Perennial.Server.Amqp;

/// <summary>One AMQP connection from <c>open</c> to <c>close</c> (AMQP 1.0 §2.4). One reader handles its frames one after the other; anything may be sent from anywhere.</summary>
/// <param name="channel">Its frames.</param>
/// <param name="peer">The other end.</param>
/// <param name="nodes">What links may attach to.</param>
/// <param name="failed">Told of what fails here.</param>
/// <param name="time">The clock.</param>
internal sealed class AmqpConnection(AmqpChannel channel, AmqpPeer peer, IReadOnlyList<IAmqpNode> nodes, Action<Exception> failed, TimeProvider time)
{
    private readonly Dictionary<ushort, AmqpSession> _sessions = [];
    private int _links;
    private int _unfinished;
    private int _isClosing;

    /// <summary>Guards what reader and senders share: credit, windows, unsettled deliveries.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bounds the messages that are being taken; the reader waits while it is full.</summary>
    public InFlightWindow Window { get; } = new();

    /// <summary>Bytes of the largest frame that the peer takes.</summary>
    public int MaxFrameOut { get; private set; } = AmqpBounds.MinMaxFrame;

    /// <summary>Serves the connection until either end closes it. When the server stops, the connection just ends, for the reason of <see cref="Close"/>.</summary>
    /// <param name="first">The first frame, which is to be <c>open</c>.</param>
    /// <param name="stopping">The server drains.</param>
    /// <exception cref="AmqpProtocolException">The peer broke the protocol; it was told.</exception>
    public async Task RunAsync(ReceivedFrame first, CancellationToken stopping)
    {
        try
        {
            var open = Opened(first);
            using var idle = new IdleWatch(channel, open.IdleTimeOut, () => Send(0, null), time);
            await ServeAsync(stopping);
        }
        catch (AmqpProtocolException exception)
        {
            await SendCloseAsync(AmqpErrors.Of(exception.Condition, exception.Message));
            throw;
        }
        finally
        {
            Interlocked.Exchange(ref _isClosing, 1);
            foreach (var session in _sessions.Values)
            {
                session.End();
            }

            Window.Open();
        }
    }

    /// <summary>
    /// Ends the connection of a peer whose links were detached with this error. It has <see cref="AmqpBounds.CloseTime"/> to close by itself:
    /// one client that is told <c>close</c> first waits 45 s for links and sessions to end in their order. May be called from anywhere.
    /// </summary>
    public void Close(Error error) => _ = CloseLaterAsync(error);

    /// <summary>Sends a frame without waiting for it to leave; nothing is sent once the connection closes or is gone.</summary>
    public void Send(ushort onChannel, DescribedList? performative, ReadOnlyMemory<byte> payload = default)
    {
        if (Volatile.Read(ref _isClosing) == 0)
        {
            _ = SendQuietlyAsync(onChannel, performative, payload);
        }
    }

    /// <summary>Completes when what was sent so far has left.</summary>
    public ValueTask FlushAsync() => channel.FlushAsync();

    /// <summary>Tells the log of a failure.</summary>
    public void Failed(Exception exception) => failed(exception);

    /// <summary>Counts links in or out.</summary>
    /// <returns>False when there are too many.</returns>
    public bool CountLinks(int count) => (_links += count) <= AmqpBounds.MaxLinks;

    /// <summary>Counts bytes of unfinished messages in.</summary>
    /// <returns>False when there are too many; they are not counted then.</returns>
    public bool TryHold(int bytes)
    {
        if (_unfinished + bytes > AmqpBounds.MaxUnfinished)
        {
            return false;
        }

        _unfinished += bytes;
        return true;
    }

    public void Release(int bytes) => _unfinished -= bytes;

    /// <summary>Asks the nodes, in their order, to answer an attach.</summary>
    public async ValueTask<AttachAnswer> AskAsync(AmqpSession session, Attach attach, CancellationToken cancellationToken)
    {
        var text = attach.Role ? (attach.Source as Source)?.Address : (attach.Target as Target)?.Address;
        if (!AmqpAddress.TryParse(text, out var address))
        {
            return AttachAnswer.Refuse(ErrorCode.NotFound, "The link has no address that can be read.");
        }

        var request = new AttachRequest(peer, session, attach, address);
        try
        {
            foreach (var node in nodes)
            {
                if (await node.AttachAsync(request, cancellationToken) is { } answer)
                {
                    return answer;
                }
            }
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or AmqpProtocolException))
        {
            // Transient, and said so.
            failed(exception);
            return AttachAnswer.Refuse(ErrorCode.InternalError, "The link could not be attached; try again.");
        }

        return AttachAnswer.Refuse(ErrorCode.NotFound, $"There is nothing at '{address}'.");
    }

    private Open Opened(ReceivedFrame first)
    {
        if (first is not { Kind: AmqpFrame.Performative, Performative: Open open })
        {
            throw new AmqpProtocolException(ErrorCode.IllegalState, "The first frame is not open.");
        }

        peer.Open(open.HostName);
        var asked = open.HasField(2) ? open.MaxFrameSize : uint.MaxValue;
        MaxFrameOut = (int)Math.Clamp(asked, AmqpBounds.MinMaxFrame, AmqpBounds.MaxFrame);
        Send(0, new Open
        {
            ContainerId = "perennial",
            MaxFrameSize = AmqpBounds.MaxFrame,
            ChannelMax = AmqpBounds.ChannelMax,
            IdleTimeOut = (uint)AmqpBounds.IdleTime.TotalMilliseconds,
        });
        return open;
    }

    private async Task ServeAsync(CancellationToken stopping)
    {
        while (await channel.ReceiveAsync(stopping) is { } frame)
        {
            if (frame.Kind != AmqpFrame.Performative)
            {
                throw new AmqpProtocolException(ErrorCode.FramingError, "A SASL frame after the SASL layer.");
            }

            if (frame.Performative is Close)
            {
                await SendCloseAsync(error: null);
                return;
            }

            if (Volatile.Read(ref _isClosing) == 0)
            {
                await HandleAsync(frame, stopping);
            }
        }
    }

    private ValueTask HandleAsync(ReceivedFrame frame, CancellationToken stopping)
    {
        switch (frame.Performative)
        {
            case null:
                return ValueTask.CompletedTask;
            case Begin begin:
                BeginSession(frame.Channel, begin);
                return ValueTask.CompletedTask;
            case End:
                EndSession(frame.Channel);
                return ValueTask.CompletedTask;
            default:
                return _sessions.TryGetValue(frame.Channel, out var session)
                    ? session.HandleAsync(frame, stopping)
                    : throw new AmqpProtocolException(ErrorCode.NotAllowed, $"No session has begun on channel {frame.Channel}.");
        }
    }

    private void BeginSession(ushort onChannel, Begin begin)
    {
        var session = new AmqpSession(this, onChannel, begin);
        if (onChannel > AmqpBounds.ChannelMax || !_sessions.TryAdd(onChannel, session))
        {
            throw new AmqpProtocolException(ErrorCode.NotAllowed, $"The channel {onChannel} is in use or out of bounds.");
        }

        session.SendBegin();
    }

    private void EndSession(ushort onChannel)
    {
        if (!_sessions.Remove(onChannel, out var session))
        {
            throw new AmqpProtocolException(ErrorCode.NotAllowed, $"No session has begun on channel {onChannel}.");
        }

        session.End();
        session.SendEnd();
    }

    private async ValueTask SendCloseAsync(Error? error)
    {
        if (Interlocked.Exchange(ref _isClosing, 1) == 0)
        {
            await SendQuietlyAsync(0, new Close { Error = error }, default);
        }
    }

    private async Task SendQuietlyAsync(ushort onChannel, DescribedList? performative, ReadOnlyMemory<byte> payload)
    {
        try
        {
            await channel.SendAsync(AmqpFrame.Performative, onChannel, performative, payload);
        }
        catch (IOException)
        {
            // The connection is gone; its reader sees so.
        }
    }

    private async Task CloseLaterAsync(Error error)
    {
        await Task.Delay(AmqpBounds.CloseTime, time, CancellationToken.None);
        await SendCloseAsync(error);
        channel.Abort();
    }
}
