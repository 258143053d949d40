using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>A device of a roll with what storage has of it.</summary>
public sealed record SeenMember
{
    /// <summary>The registration id in lower case.</summary>
    public required string Device { get; init; }

    /// <summary>The leaf, or the signing certificate, that is to be retired.</summary>
    public required Thumbprint Old { get; init; }

    /// <summary>Names the class of its chain; null when no chain was accepted.</summary>
    public string? Shape { get; init; }

    public DateTimeOffset? LeafEnd { get; init; }

    /// <summary>In a roll of an issuing authority the end of the last leaf that it has of the old one.</summary>
    public DateTimeOffset? HoldsUntil { get; init; }

    /// <summary>The leaf that it was last accepted with, where the roll asks for it.</summary>
    public Thumbprint? Leaf { get; init; }

    /// <summary>The enrollment that the device comes by; null when it has none any more, or the roll says it.</summary>
    public EnrollmentKey? Enrollment { get; init; }

    /// <summary>Whether an identity of a hub follows its enrollment.</summary>
    public bool IsFollowed { get; init; }

    public DateTimeOffset? Seen { get; init; }

    public bool IsMoved { get; init; }

    public bool IsWaived { get; init; }

    /// <summary>When it was seen, the last few times, in order.</summary>
    public IReadOnlyList<DateTimeOffset> Contacts { get; init; } = [];
}
