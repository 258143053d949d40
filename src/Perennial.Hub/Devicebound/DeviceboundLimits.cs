namespace Perennial.Hub.Devicebound;

/// <summary>The bounds of messages to devices and of the feedback on them (hub-protocol §5.3, §5.4).</summary>
public sealed record DeviceboundLimits
{
    public static DeviceboundLimits Default { get; } = new();

    /// <summary>Messages in the queue of one device, locked ones among them.</summary>
    public int MaxMessages { get; init; } = 50;

    /// <summary>Deliveries under a lock after which a message that comes back ends.</summary>
    public int MaxDeliveries { get; init; } = 10;

    /// <summary>Life of a message that names no expiry.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest life; a later expiry is brought forward.</summary>
    public TimeSpan MaxTimeToLive { get; init; } = TimeSpan.FromDays(2);

    /// <summary>How long a receiver that names no other time has to settle a message.</summary>
    public TimeSpan LockTime { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan MinLockTime { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan MaxLockTime { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Life of a feedback record that nobody fetches.</summary>
    public TimeSpan FeedbackTimeToLive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a batch of feedback waits for more records.</summary>
    public TimeSpan FeedbackDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Records in one batch of feedback.</summary>
    public int FeedbackBatch { get; init; } = 64;
}
