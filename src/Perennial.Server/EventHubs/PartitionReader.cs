using System.Buffers.Binary;
using Amqp;
using Amqp.Framing;
using Perennial.Hub.Messages;
using Perennial.Server.Amqp;

namespace Perennial.Server.EventHubs;

/// <summary>One reader of a hub's telemetry: gets what the feed holds from a sequence on, as fast as it grants credit.</summary>
/// <param name="feed">The feed.</param>
/// <param name="first">The sequence to begin with.</param>
/// <param name="epoch">The reader's claim to read alone; null for none.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Neither a cancellation source without a timer nor a semaphore without a wait handle holds anything; both end with the link.")]
internal sealed class PartitionReader(ITelemetryFeed feed, long first, long? epoch) : IOutgoingEndpoint
{
    private const int PageSize = 256;

    private readonly SemaphoreSlim _granted = new(0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Queue<FeedEntry> _page = new();
    private readonly Lock _gate = new();
    private OutgoingLink? _link;
    private Error? _ending;
    private long _next = first;

    public long? Epoch { get; } = epoch;

    /// <summary>Called once when the link is gone.</summary>
    public Action? Left { get; set; }

    public void Attached(OutgoingLink link)
    {
        lock (_gate)
        {
            _link = link;
        }

        if (_ending is { } ending)
        {
            link.Detach(ending);
            return;
        }

        _ = PumpAsync(link);
    }

    public void CreditGranted()
    {
        if (_granted.CurrentCount == 0)
        {
            _granted.Release();
        }
    }

    public Task SettledAsync(byte[] tag, DeliveryState? state) => Task.CompletedTask;

    public void Detached()
    {
        _ended.Cancel();
        Left?.Invoke();
    }

    /// <summary>Ends the reader from this side; may be called from anywhere.</summary>
    public void End(string condition, string description)
    {
        var error = AmqpErrors.Of(condition, description);
        lock (_gate)
        {
            _ending = error;
        }

        _link?.Detach(error);
    }

    private async Task PumpAsync(OutgoingLink link)
    {
        try
        {
            while (true)
            {
                await _granted.WaitAsync(_ended.Token);
                while (link.CanSend)
                {
                    await SendPageAsync(link);
                }
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The reader is gone.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            link.Session.Connection.Failed(exception);
            link.Detach(AmqpErrors.Of(ErrorCode.InternalError, "The telemetry could not be read; try again."));
        }
    }

    private async Task SendPageAsync(OutgoingLink link)
    {
        if (_page.Count == 0)
        {
            await feed.WaitAsync(_next, _ended.Token);
            foreach (var entry in await feed.ReadAsync(_next, PageSize, _ended.Token))
            {
                _page.Enqueue(entry);
                _next = entry.Sequence + 1;
            }
        }

        while (_page.TryPeek(out var entry) && link.TrySend(EventMessages.Of(entry), Tag(entry), isSettled: true))
        {
            _page.Dequeue();
        }

        await link.FlushAsync();
    }

    private static byte[] Tag(FeedEntry entry)
    {
        var tag = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(tag, entry.Sequence);
        return tag;
    }
}
