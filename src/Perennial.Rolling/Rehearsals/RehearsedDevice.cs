using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>A device of the roll, as it was seen, and as it is taken to go on.</summary>
public sealed record RehearsedDevice
{
    /// <summary>The registration id.</summary>
    public required string Device { get; init; }

    /// <summary>What its chain is like; null when none was accepted yet.</summary>
    public ChainProspect? Prospect { get; init; }

    /// <summary>The end of the leaf that it has; null when it is not known.</summary>
    public DateTimeOffset? LeafEnd { get; init; }

    /// <summary>When it holds the overlap open no longer, where that is not the end of the leaf that it has; null where it is.</summary>
    public DateTimeOffset? HoldsUntil { get; init; }

    /// <summary>The leaf that is to be retired, in a roll of leaves.</summary>
    public Thumbprint? Old { get; init; }

    /// <summary>The end of the leaf that stands in the other slot, in a roll of leaves; null when it is yet to be obtained.</summary>
    public DateTimeOffset? StagedEnd { get; init; }

    /// <summary>When it makes contact.</summary>
    public required Rhythm Rhythm { get; init; }

    /// <summary>When it was last seen; null for never.</summary>
    public DateTimeOffset? Seen { get; init; }

    /// <summary>Whether it is connected now. It is taken to stay so, but for the handshakes of its rhythm.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Whether it is taken not to come back: it has been silent for long, or is refused already.</summary>
    public bool IsGone { get; init; }

    /// <summary>How far its clock is ahead; negative when it is behind.</summary>
    public TimeSpan ClockError { get; init; }

    /// <summary>Whether its hub asks its enrollment at each connect.</summary>
    public bool FollowsEnrollment { get; init; } = true;

    /// <summary>Whether it was seen to register again when it connects.</summary>
    public bool RegistersAgain { get; init; } = true;

    /// <summary>Whether it uses the new certificate already.</summary>
    public bool IsMoved { get; init; }

    /// <summary>Whether an operator does not wait for it.</summary>
    public bool IsWaived { get; init; }
}
