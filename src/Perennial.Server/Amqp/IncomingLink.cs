using System.Buffers;
using Amqp;
using Amqp.Framing;
using Perennial.Server.Storage;

namespace Perennial.Server.Amqp;

/// <summary>A link on which the peer sends: puts its transfers together to messages and settles them as its endpoint says.</summary>
internal sealed class IncomingLink(AmqpSession session, Attach attach, IIncomingEndpoint endpoint) : AmqpLink(session, attach)
{
    private readonly SenderSettleMode _mode = AttachReply.ModeOf(attach);
    private ArrayBufferWriter<byte>? _parts;
    private Transfer? _first;
    private bool _isTooLong;
    private uint _credit = AmqpBounds.Credit;
    private uint _deliveryCount = attach.InitialDeliveryCount;

    /// <summary>What the peer may send now; granted with this flow.</summary>
    public Flow Flow() => Session.Fill(new Flow { Handle = Handle, DeliveryCount = _deliveryCount, LinkCredit = _credit });

    /// <summary>Takes one transfer frame; completes once the peer may send the next one.</summary>
    public ValueTask TakeAsync(Transfer transfer, ReadOnlyMemory<byte> payload)
    {
        if (_first is null && !TryBegin(transfer))
        {
            return ValueTask.CompletedTask;
        }

        if (transfer.Aborted)
        {
            Forget();
            TopUp();
            return ValueTask.CompletedTask;
        }

        if (!transfer.More && _parts is null && !_isTooLong)
        {
            return EndAsync(payload);
        }

        Append(payload);
        return transfer.More ? ValueTask.CompletedTask : EndAsync(_parts?.WrittenMemory ?? default);
    }

    /// <summary>Forgets a message that was begun and not ended.</summary>
    public void Forget()
    {
        Session.Connection.Release(_parts?.WrittenCount ?? 0);
        _parts = null;
        _first = null;
        _isTooLong = false;
    }

    protected override void OnEnded() => endpoint.Detached();

    private bool TryBegin(Transfer transfer)
    {
        if (_credit == 0)
        {
            Detach(AmqpErrors.Of(ErrorCode.TransferLimitExceeded, "The link has no credit."));
            return false;
        }

        if (!transfer.HasDeliveryId)
        {
            throw new AmqpProtocolException(ErrorCode.InvalidField, "A first transfer needs a delivery id.");
        }

        _credit--;
        _deliveryCount++;
        _first = transfer;
        return true;
    }

    private void Append(ReadOnlyMemory<byte> payload)
    {
        var held = _parts?.WrittenCount ?? 0;
        if (_isTooLong || held + payload.Length > AmqpBounds.MaxMessage || !Session.Connection.TryHold(payload.Length))
        {
            // The rest is passed over, and the message refused at its end.
            _isTooLong = true;
            return;
        }

        _parts ??= new ArrayBufferWriter<byte>();
        _parts.Write(payload.Span);
    }

    private ValueTask EndAsync(ReadOnlyMemory<byte> bytes)
    {
        var first = _first!;
        var isTooLong = _isTooLong;
        Forget();
        TopUp();
        var work = isTooLong
            ? Task.FromResult<Outcome>(AmqpErrors.Reject(ErrorCode.MessageSizeExceeded, $"A message may have {AmqpBounds.MaxMessage} bytes."))
            : Begin(new IncomingMessage(first.MessageFormat, bytes));
        var isSettled = first.Settled || _mode == SenderSettleMode.Settled;
        if (work.IsCompletedSuccessfully)
        {
            Settle(first.DeliveryId, isSettled, work.Result);
            return ValueTask.CompletedTask;
        }

        var room = Session.Connection.Window.EnterAsync(bytes.Length);
        _ = SettleAsync(first.DeliveryId, isSettled, bytes.Length, work);
        return room;
    }

    private Task<Outcome> Begin(IncomingMessage message)
    {
        try
        {
            return endpoint.TakeAsync(message);
        }
        catch (Exception exception)
        {
            return Task.FromException<Outcome>(exception);
        }
    }

    private async Task SettleAsync(uint id, bool isSettled, int size, Task<Outcome> work)
    {
        try
        {
            Settle(id, isSettled, await work);
        }
        catch (AmqpProtocolException exception)
        {
            Settle(id, isSettled, AmqpErrors.Reject(exception.Condition, exception.Message));
        }
        catch (StorageUnavailableException)
        {
            // The condition that clients take for a reason to try again.
            Settle(id, isSettled, AmqpErrors.Reject(AmqpErrors.Timeout, "The storage does not answer."));
        }
        catch (Exception exception)
        {
            Session.Connection.Failed(exception);
            Settle(id, isSettled, AmqpErrors.Reject(ErrorCode.InternalError, "The message could not be taken."));
        }
        finally
        {
            Session.Connection.Window.Leave(size);
        }
    }

    private void Settle(uint id, bool isSettled, Outcome outcome)
    {
        if (!isSettled)
        {
            Session.Send(new Dispose { Role = true, First = id, Last = id, Settled = true, State = outcome });
        }
    }

    private void TopUp()
    {
        if (_credit <= AmqpBounds.Credit / 2)
        {
            _credit = AmqpBounds.Credit;
            Session.Send(Flow());
        }
    }
}
