using Perennial.Hub.Messages;

namespace Perennial.Server.Storage.Sql;

/// <summary>The telemetry of one hub in SQL.</summary>
internal sealed class TelemetryFeed : ITelemetryFeed
{
    // Trimming starts after this share of the bounds was added, and deletes so many messages in one write at most.
    private const int TrimShare = 64;
    private const int MaxTrim = 2048;

    private readonly SqlDatabase _database;
    private readonly TelemetryRows _rows;
    private readonly FeedLimits _limits;
    private readonly Lock _gate = new();
    private TelemetryBatch? _open;
    private TaskCompletionSource? _appended;
    private long _messagesSinceTrim;
    private long _bytesSinceTrim;
    private Task _trim = Task.CompletedTask;

    private TelemetryFeed(SqlDatabase database, TelemetryRows rows, FeedLimits limits)
    {
        _database = database;
        _rows = rows;
        _limits = limits;
    }

    public static async Task<TelemetryFeed> OpenAsync(SqlDatabase database, string hub, FeedLimits limits)
    {
        var rows = await database.WriteAsync(session => TelemetryRows.Open(session, hub), CancellationToken.None);
        return new TelemetryFeed(database, rows, limits);
    }

    public async Task<long> AppendAsync(IReadOnlyList<TelemetryMessage> messages, CancellationToken cancellationToken)
    {
        var (batch, end) = Join(messages);
        var last = await batch.Stored.WaitAsync(cancellationToken);
        return last - (batch.Count - end);
    }

    public Task<IReadOnlyList<FeedEntry>> ReadAsync(long from, int max, CancellationToken cancellationToken) =>
        _database.ReadAsync(session => _rows.Read(session, from, max), cancellationToken);

    public Task<FeedRange> RangeAsync(CancellationToken cancellationToken) => _database.ReadAsync(Range, cancellationToken);

    public Task<long> FindAsync(DateTimeOffset instant, CancellationToken cancellationToken) =>
        _database.ReadAsync(session => Find(session, instant), cancellationToken);

    public async Task WaitAsync(long from, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task appended;
            lock (_gate)
            {
                _appended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                appended = _appended.Task;
            }

            if ((await _database.ReadAsync(_rows.Last, cancellationToken)).Sequence >= from)
            {
                return;
            }

            await appended.WaitAsync(cancellationToken);
        }
    }

    private (TelemetryBatch Batch, int End) Join(IReadOnlyList<TelemetryMessage> messages)
    {
        TelemetryBatch batch;
        int end;
        lock (_gate)
        {
            if (_open?.TryJoin(messages, out end) == true)
            {
                return (_open, end);
            }

            _open = batch = new TelemetryBatch();
            batch.TryJoin(messages, out end);
        }

        _ = StoreAsync(batch);
        return (batch, end);
    }

    private async Task StoreAsync(TelemetryBatch batch)
    {
        try
        {
            var last = await _database.WriteAsync(session => Append(session, batch), CancellationToken.None);
            lock (_gate)
            {
                Leave(batch);
                _appended?.TrySetResult();
                _appended = null;
            }

            batch.Complete(last);
        }
        catch (Exception exception)
        {
            // A write that was not even begun leaves the batch open: what comes next must not join what has failed.
            lock (_gate)
            {
                Leave(batch);
            }

            batch.Fail(exception);
            return;
        }

        NoteAppended(batch);
    }

    private void Leave(TelemetryBatch batch) => _open = _open == batch ? null : _open;

    private long Append(SqlSession session, TelemetryBatch batch)
    {
        var (sequence, total, enqueued) = _rows.Last(session);
        foreach (var (message, size) in batch.Close())
        {
            // The order of times is that of sequences, also when messages overtake each other or the clock is set back.
            enqueued = message.Enqueued > enqueued ? message.Enqueued : enqueued;
            total += size;
            _rows.Insert(session, ++sequence, size, total, message with { Enqueued = enqueued });
        }

        return sequence;
    }

    private FeedRange Range(SqlSession session)
    {
        var (last, _, enqueued) = _rows.Last(session);
        return last == 0 ? new FeedRange(1, 0, null) : new FeedRange(_rows.First(session), last, enqueued);
    }

    // Sequences have no gaps: a binary search over the times. What was dropped meanwhile is older than anything that is asked for.
    private long Find(SqlSession session, DateTimeOffset instant)
    {
        var (low, high) = (Math.Max(1, _rows.First(session)), _rows.Last(session).Sequence + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (_rows.EnqueuedOf(session, middle) is { } enqueued && enqueued >= instant)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    public Task TrimAsync()
    {
        lock (_gate)
        {
            _trim = TrimAfterAsync(_trim);
            return _trim;
        }
    }

    private void NoteAppended(TelemetryBatch batch)
    {
        var count = Interlocked.Add(ref _messagesSinceTrim, batch.Count);
        var bytes = Interlocked.Add(ref _bytesSinceTrim, batch.Bytes);
        if (count <= _limits.MaxMessages / TrimShare && bytes <= _limits.MaxBytes / TrimShare)
        {
            return;
        }

        lock (_gate)
        {
            _trim = _trim.IsCompleted ? TrimAfterAsync(_trim) : _trim;
        }
    }

    private async Task TrimAfterAsync(Task earlier)
    {
        await earlier;
        try
        {
            Interlocked.Exchange(ref _messagesSinceTrim, 0);
            Interlocked.Exchange(ref _bytesSinceTrim, 0);
            while (await _database.WriteAsync(TrimSome, CancellationToken.None))
            {
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever hinders the trim (a full disk, a stop) hinders the next append too, which reports it; the next append trims again.
        }
    }

    /// <returns>Whether there is more to drop.</returns>
    private bool TrimSome(SqlSession session)
    {
        var (last, total, _) = _rows.Last(session);
        var first = _rows.First(session);
        if (last == 0)
        {
            return false;
        }

        var keepFrom = Math.Max(last - _limits.MaxMessages + 1, FirstWithinBytes(session, first, last, total));
        var next = Math.Min(Math.Min(keepFrom, last), first + MaxTrim);
        if (next <= first)
        {
            return false;
        }

        _rows.DeleteBefore(session, next);
        return next < keepFrom && next < last;
    }

    // From one message on the feed holds total - TotalBefore(one) bytes, and sequences have no gaps: a binary search finds the first to keep.
    private long FirstWithinBytes(SqlSession session, long first, long last, long total)
    {
        var (low, high) = (first, last);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (total - _rows.TotalBefore(session, middle) > _limits.MaxBytes)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
