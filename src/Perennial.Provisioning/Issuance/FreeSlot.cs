using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Issuance;

/// <summary>Where the next leaf of a device goes in its own enrollment. Pure but for the fresh ETag.</summary>
internal static class FreeSlot
{
    /// <summary>
    /// The enrollment with the leaf in the slot that is not the device's own: an empty one, one whose certificate is over, or one that the
    /// device placed and never used. Null when an operator's certificate stands there.
    /// </summary>
    /// <param name="enrollment">An individual enrollment of leaves.</param>
    /// <param name="slots">What it holds.</param>
    /// <param name="used">The slot that the device proved itself by.</param>
    /// <param name="leaf">The next leaf.</param>
    /// <param name="placed">The leaves that the device has placed.</param>
    /// <param name="at">Now.</param>
    public static Enrollment? Place(
        Enrollment enrollment, CertificateSlots slots, Slot used, Certificate leaf, IReadOnlyList<IssuedLeaf> placed, DateTimeOffset at)
    {
        var other = used == Slot.Primary ? Slot.Secondary : Slot.Primary;
        var isFree = slots[other] is not { } held
            || held.NotAfter < at
            || placed.Any(mine => mine.Thumbprint == held.Thumbprint && mine.Proven is null);
        return isFree
            ? enrollment with { Mechanism = new AttestationMechanism.Leaves(With(slots, other, leaf)), ETag = Guid.NewGuid().ToString("D"), LastUpdated = at }
            : null;
    }

    private static CertificateSlots With(CertificateSlots slots, Slot slot, Certificate leaf) =>
        slot == Slot.Primary ? new CertificateSlots(leaf, slots.Secondary) : new CertificateSlots(slots.Primary, leaf);
}
