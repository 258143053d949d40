namespace Perennial.Hub.Devicebound;

/// <summary>A message in a queue, without its content.</summary>
public sealed record QueueEntry
{
    /// <summary>Its place: later messages have greater ones.</summary>
    public required long Number { get; init; }

    public required string MessageId { get; init; }

    public required string Generation { get; init; }

    public RequestedFeedback Feedback { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>How often it was given to the device.</summary>
    public int Deliveries { get; init; }

    /// <summary>What its receiver must show to settle it; null while nobody holds it.</summary>
    public Guid? Lock { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>When something happens to it by itself. A message that is held outlives its expiry until its lock ends.</summary>
    public DateTimeOffset Due => LockedUntil ?? Expires;

    public QueueEntry Unlocked() => this with { Lock = null, LockedUntil = null };
}
