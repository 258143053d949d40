namespace Perennial.Hub.Messages;

/// <summary>How much a feed keeps. Beyond either bound the oldest messages go, some at a time.</summary>
/// <param name="MaxMessages">Number of messages.</param>
/// <param name="MaxBytes">Sum of the messages' sizes.</param>
public sealed record FeedLimits(long MaxMessages, long MaxBytes)
{
    public static FeedLimits Default { get; } = new(1_000_000, 1L << 30);
}
