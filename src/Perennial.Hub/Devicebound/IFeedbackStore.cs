namespace Perennial.Hub.Devicebound;

/// <summary>Storage of the feedback on one hub's messages, until a back end completes it or its life is over.</summary>
public interface IFeedbackStore
{
    /// <summary>Locks the oldest records that nobody holds, when there is a whole batch or the oldest waited long enough.</summary>
    /// <returns>The batch; null when there is none yet.</returns>
    Task<FeedbackBatch?> TakeAsync(DateTimeOffset now, TimeSpan lockTime, DeviceboundLimits limits, CancellationToken cancellationToken);

    /// <summary>Removes the records under this lock, or unlocks them.</summary>
    /// <returns>False when the lock is lost.</returns>
    Task<bool> SettleAsync(Guid lockToken, bool isDone, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes what is older than this.</summary>
    Task TrimAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
