namespace Perennial.Hub.Messages;

/// <summary>The telemetry of one hub: messages in the order they were stored, bounded, the oldest dropped.</summary>
public interface ITelemetryFeed
{
    /// <summary>
    /// Stores the messages, all or none; returns once they are on disk. A message is stored no earlier than the one before it: an instant that
    /// is (the clock was set back) becomes that of the one before.
    /// </summary>
    /// <returns>The sequence of the last one.</returns>
    Task<long> AppendAsync(IReadOnlyList<TelemetryMessage> messages, CancellationToken cancellationToken);

    /// <summary>Messages from this sequence on, those that are still there, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<FeedEntry>> ReadAsync(long from, int max, CancellationToken cancellationToken);

    /// <summary>What the feed holds now.</summary>
    Task<FeedRange> RangeAsync(CancellationToken cancellationToken);

    /// <summary>The sequence of the first message that was stored at this instant or later; one beyond the last when none was.</summary>
    Task<long> FindAsync(DateTimeOffset instant, CancellationToken cancellationToken);

    /// <summary>Returns once there is a message of this sequence or a later one.</summary>
    Task WaitAsync(long from, CancellationToken cancellationToken);

    /// <summary>Drops what is beyond the bounds; also happens by itself, now and then, while messages come in.</summary>
    Task TrimAsync();
}
