namespace Perennial.Hub.Devicebound;

/// <summary>What an act makes of a queue; all of it is stored together.</summary>
/// <param name="Next">The queue afterwards, without what was added.</param>
public sealed record QueueChange(QueuedMessages Next)
{
    /// <summary>Whether the act was done; false when the queue is full, or the lock lost.</summary>
    public bool IsDone { get; init; } = true;

    /// <summary>A message that joins at the end.</summary>
    public DeviceboundMessage? Added { get; init; }

    /// <summary>Messages that are given to the device, in their order.</summary>
    public IReadOnlyList<QueueEntry> Taken { get; init; } = [];

    /// <summary>How many messages were purged.</summary>
    public int Purged { get; init; }

    /// <summary>What senders are told.</summary>
    public IReadOnlyList<MessageFeedback> Feedback { get; init; } = [];
}
