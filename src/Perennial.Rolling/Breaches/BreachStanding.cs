using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Breaches;

/// <summary>How far a breach is dealt with, as things are.</summary>
public sealed record BreachStanding
{
    public required BreachCase Breach { get; init; }

    /// <summary>Null when it is gone.</summary>
    public required Enrollment? Enrollment { get; init; }

    /// <summary>The block of what was compromised; null while there is none.</summary>
    public required Block? Block { get; init; }

    public required DrainProgress? Drain { get; init; }

    /// <summary>The slot that holds the compromised certificate; null when none does.</summary>
    public required Slot? OldSlot { get; init; }

    /// <summary>Whether the enrollment holds another certificate.</summary>
    public required bool IsReplaced { get; init; }

    /// <summary>
    /// Devices that were last accepted by the compromised certificate: those of the group for an authority, else the one device, as long as it was accepted at all.
    /// </summary>
    public required long Users { get; init; }

    /// <summary>Whether the one device was accepted at all; of an authority always true.</summary>
    public required bool IsSeen { get; init; }

    /// <summary>Whether there is a new certificate to move to.</summary>
    public bool IsBrought => Breach.Procedure == BreachProcedure.GroupLeaf ? HasMoved : IsReplaced || (HasMoved && !Breach.IsOfIssuer);

    /// <summary>Whether no device was last accepted by the compromised certificate.</summary>
    public bool HasMoved => IsSeen && Users == 0;

    /// <summary>Whether the enrollment is without the compromised certificate. The one of a device of a group never stood in it.</summary>
    public bool IsTakenOut => OldSlot is null;
}
