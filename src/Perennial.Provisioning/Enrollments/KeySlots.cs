namespace Perennial.Provisioning.Enrollments;

/// <summary>The primary and the secondary key of an enrollment or of a device; both are always set.</summary>
public sealed record KeySlots(SymmetricKey Primary, SymmetricKey Secondary)
{
    public SymmetricKey this[Slot slot] => slot == Slot.Primary ? Primary : Secondary;

    /// <summary>The two keys of one device of the group whose keys these are.</summary>
    /// <param name="registrationId">The registration id, in the spelling that the device uses.</param>
    public KeySlots Derive(string registrationId) => new(Primary.Derive(registrationId), Secondary.Derive(registrationId));
}
