using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Breaches;

/// <summary>How far a breach is dealt with, as things are.</summary>
public sealed record BreachStanding
{
    /// <summary>Null when it is gone.</summary>
    public required Enrollment? Enrollment { get; init; }

    /// <summary>The block of what was compromised; null while there is none.</summary>
    public required Block? Block { get; init; }

    public required DrainProgress? Drain { get; init; }

    /// <summary>The slot that holds the compromised certificate; null when none does.</summary>
    public required Slot? OldSlot { get; init; }

    /// <summary>Whether the enrollment holds another certificate.</summary>
    public required bool IsReplaced { get; init; }

    /// <summary>Of one device: whether it was last accepted with another leaf.</summary>
    public required bool HasMoved { get; init; }
}
