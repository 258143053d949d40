using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Perennial.Hub.Devicebound;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.Server.Storage;

namespace Perennial.Server.Amqp;

/// <summary>The link on which a back end receives feedback: batches under locks, which it removes by accepting them (hub-protocol §5.4).</summary>
internal sealed class FeedbackLink(BackEndRight right, SenderSettleMode mode) : IOutgoingEndpoint, IDisposable
{
    /// <summary>How often it looks for a batch.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, bool> _unsettled = new();
    private OutgoingLink? _link;
    private ITimer? _timer;
    private int _isLooking;

    public void Attached(OutgoingLink link)
    {
        _link = link;
        _timer = right.Time.CreateTimer(_ => _ = LookAsync(), null, TimeSpan.Zero, Interval);
    }

    public void CreditGranted() => _ = LookAsync();

    public Task SettledAsync(byte[] tag, DeliveryState? state)
    {
        var batch = new Guid(tag);
        _unsettled.TryRemove(batch, out _);
        return right.Hub.Feedback.SettleAsync(batch, state is Accepted or Rejected, CancellationToken.None);
    }

    // What was not settled need not wait for its lock: the back end may be back at once.
    public void Detached()
    {
        Dispose();
        foreach (var batch in _unsettled.Keys)
        {
            _ = GiveBackAsync(batch);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private async Task LookAsync()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            return;
        }

        try
        {
            await SendAsync();
        }
        catch (Exception exception) when (exception is StorageUnavailableException or IOException or ObjectDisposedException)
        {
            // It looks again a second later, while there is a link.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private async Task GiveBackAsync(Guid batch)
    {
        Task settled = right.Hub.Feedback.SettleAsync(batch, isDone: false, CancellationToken.None);
        await settled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAsync()
    {
        if (right.Refusal is not null)
        {
            _link!.Detach(AmqpErrors.Of(ErrorCode.UnauthorizedAccess, "The token is no longer good."));
            return;
        }

        while (_link!.CanSend && await right.Hub.Feedback.TakeAsync(CancellationToken.None) is { } batch)
        {
            _unsettled[batch.Lock] = true;
            var isSent = _link.TrySend(Message(batch), batch.Lock.ToByteArray(), isSettled: false);
            if (!isSent || mode == SenderSettleMode.Settled)
            {
                _unsettled.TryRemove(batch.Lock, out _);
                await right.Hub.Feedback.SettleAsync(batch.Lock, isSent, CancellationToken.None);
            }
        }
    }

    private Message Message(FeedbackBatch batch)
    {
        var message = new Message
        {
            Properties = new Properties
            {
                MessageId = batch.Lock.ToString("D"),
                UserId = Encoding.UTF8.GetBytes(right.Hub.HostName.Split('.')[0]),
                ContentType = new Symbol(FeedbackDocument.ContentType),
            },
            MessageAnnotations = new MessageAnnotations(),
            BodySection = new Data { Binary = WireJson.ToUtf8Array(FeedbackDocuments.From(batch)) },
        };
        message.MessageAnnotations[new Symbol(StampedProperty.EnqueuedTime)] = batch.Records[^1].At.UtcDateTime;
        return message;
    }
}
