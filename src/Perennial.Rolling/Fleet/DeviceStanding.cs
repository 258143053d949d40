using Perennial.X509;

namespace Perennial.Rolling.Fleet;

/// <summary>What a device's state is read from.</summary>
public sealed record DeviceStanding
{
    /// <summary>A device whose certificate ends within this time and that has not moved on is overdue.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    public required bool IsEnabled { get; init; }

    /// <summary>The last time that it was accepted; null for never.</summary>
    public DateTimeOffset? Accepted { get; init; }

    /// <summary>What of its enrollment took it then; null when its identity's own credential did.</summary>
    public Thumbprint? Anchor { get; init; }

    /// <summary>When the leaf ends that it presented then; null when it presented none.</summary>
    public DateTimeOffset? LeafEnds { get; init; }

    /// <summary>The certificates of its enrollment, with their ends; none when it attests otherwise.</summary>
    public IReadOnlyList<EnrolledCertificate> Enrolled { get; init; } = [];

    /// <summary>The state at a moment. The first that fits counts, in the order blocked, never seen, expired, overdue, rolling, healthy.</summary>
    public DeviceState At(DateTimeOffset now)
    {
        if (!IsEnabled)
        {
            return DeviceState.Blocked;
        }

        if (Accepted is null)
        {
            return DeviceState.NeverSeen;
        }

        if (Ends is { } ends && ends <= now + Notice)
        {
            return ends <= now ? DeviceState.Expired : DeviceState.Overdue;
        }

        return IsNewerStaged(now) ? DeviceState.Rolling : DeviceState.Healthy;
    }

    // The credential ends with the leaf, or with the certificate above it that the enrollment holds, whichever is first.
    private DateTimeOffset? Ends
    {
        get
        {
            var anchorEnds = Used?.Ends;
            return LeafEnds is { } leaf && anchorEnds is { } anchor ? (leaf < anchor ? leaf : anchor) : LeafEnds ?? anchorEnds;
        }
    }

    private EnrolledCertificate? Used => Enrolled.FirstOrDefault(certificate => certificate.Thumbprint == Anchor);

    private bool IsNewerStaged(DateTimeOffset now) =>
        Used is { } used && Enrolled.Any(other => other.Thumbprint != used.Thumbprint && other.Ends > used.Ends && other.Ends > now);
}
