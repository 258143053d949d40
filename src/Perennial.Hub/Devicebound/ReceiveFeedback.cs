namespace Perennial.Hub.Devicebound;

/// <summary>A back end fetches feedback on the messages of its hub.</summary>
public sealed class ReceiveFeedback(IFeedbackStore feedback, DeviceboundLimits limits, TimeProvider time)
{
    /// <returns>The next batch; null when there is none yet.</returns>
    public Task<FeedbackBatch?> TakeAsync(CancellationToken cancellationToken) =>
        feedback.TakeAsync(time.GetUtcNow(), limits.LockTime, limits, cancellationToken);

    /// <summary>Removes the batch, or gives it back.</summary>
    /// <returns>False when the lock is lost.</returns>
    public Task<bool> SettleAsync(Guid lockToken, bool isDone, CancellationToken cancellationToken) =>
        feedback.SettleAsync(lockToken, isDone, time.GetUtcNow(), cancellationToken);
}
