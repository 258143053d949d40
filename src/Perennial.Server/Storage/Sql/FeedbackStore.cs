using Perennial.Hub.Devicebound;

namespace Perennial.Server.Storage.Sql;

/// <summary>The feedback on one hub's messages to devices.</summary>
internal sealed class FeedbackStore(SqlDatabase database, string hub) : IFeedbackStore
{
    public async Task<FeedbackBatch?> TakeAsync(
        DateTimeOffset now, TimeSpan lockTime, DeviceboundLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);

        // Asked often, and most often there is nothing to write.
        return await database.ReadAsync(session => Ready(session, now, limits).Count > 0, cancellationToken)
            ? await database.WriteAsync(session => Take(session, now, lockTime, limits), cancellationToken)
            : null;
    }

    public Task<bool> SettleAsync(Guid lockToken, bool isDone, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => (isDone ? FeedbackRows.Delete(session, hub, lockToken, now) : FeedbackRows.Release(session, hub, lockToken, now)) > 0,
            cancellationToken);

    public async Task TrimAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(session => FeedbackRows.HasBefore(session, hub, before), cancellationToken))
        {
            await database.WriteAsync(
                session =>
                {
                    FeedbackRows.DeleteBefore(session, hub, before);
                    return true;
                },
                cancellationToken);
        }
    }

    private IReadOnlyList<(long Number, MessageFeedback Record)> Ready(SqlSession session, DateTimeOffset now, DeviceboundLimits limits)
    {
        var free = FeedbackRows.Free(session, hub, now, limits.FeedbackBatch);
        return free.Count == limits.FeedbackBatch || (free.Count > 0 && free[0].Record.At <= now - limits.FeedbackDelay) ? free : [];
    }

    private FeedbackBatch? Take(SqlSession session, DateTimeOffset now, TimeSpan lockTime, DeviceboundLimits limits)
    {
        var ready = Ready(session, now, limits);
        if (ready.Count == 0)
        {
            return null;
        }

        var batch = new FeedbackBatch(Guid.NewGuid(), [.. ready.Select(row => row.Record)]);
        foreach (var (number, _) in ready)
        {
            FeedbackRows.Hold(session, number, batch.Lock, now + lockTime);
        }

        return batch;
    }
}
