namespace Perennial.Hub.Messages;

/// <summary>What a feed holds at one instant.</summary>
/// <param name="First">The sequence of the oldest message that is still there; 1 for an empty feed.</param>
/// <param name="Last">The sequence of the newest one; 0 for an empty feed.</param>
/// <param name="LastEnqueued">When the newest one was stored; null for an empty feed.</param>
public sealed record FeedRange(long First, long Last, DateTimeOffset? LastEnqueued)
{
    public bool IsEmpty => Last < First;
}
