using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>Attestation of a device that presented a token (dps-protocol §4).</summary>
internal sealed class KeyAttestation(TpmIdentityKeys tpmKeys)
{
    /// <summary>An individual enrollment decides alone; else the oldest group whose keys derive the one that signed.</summary>
    public AttestationVerdict Attest(AuthenticatedDevice device, DeviceToken token, EnrollmentCandidates candidates, DateTimeOffset at) =>
        candidates.Individual is { } individual
            ? AttestIndividual(device, token, individual, at)
            : AttestByGroup(device, token, candidates, at);

    /// <summary>The key that a device signs its tokens with, by the fingerprint of the one in the slot; one for each spelling where it is derived.</summary>
    public IReadOnlyList<SymmetricKey> Find(RegistrationId id, Thumbprint fingerprint, IEnumerable<Enrollment> enrollments)
    {
        foreach (var enrollment in enrollments)
        {
            if (KeysOf(enrollment) is { } slots && new[] { slots.Primary, slots.Secondary }.FirstOrDefault(key => key.Fingerprint == fingerprint) is { } key)
            {
                return enrollment.Key.Kind == EnrollmentKind.Group ? [.. id.Spellings.Select(key.Derive)] : [key];
            }
        }

        return [];
    }

    /// <summary>The key that one of the groups derives for a device, by its own fingerprint.</summary>
    public static SymmetricKey? FindDerived(RegistrationId id, Thumbprint fingerprint, IEnumerable<Enrollment> groups) => groups
        .Select(group => group.Mechanism).OfType<AttestationMechanism.SymmetricKeys>()
        .SelectMany(mechanism => new[] { mechanism.Slots.Primary, mechanism.Slots.Secondary })
        .SelectMany(key => id.Spellings.Select(key.Derive))
        .FirstOrDefault(derived => derived.Fingerprint == fingerprint);

    private AttestationVerdict AttestIndividual(AuthenticatedDevice device, DeviceToken token, Enrollment enrollment, DateTimeOffset at)
    {
        if (KeysOf(enrollment) is not { } slots)
        {
            return Refuse(new Refusal(
                AttestationRefusals.OtherMechanism, $"The device presented a token; {enrollment.Key} attests by {enrollment.Mechanism.Word}."));
        }

        if (SlotOf(slots, token) is not { } slot)
        {
            return Refuse(new Refusal(AttestationRefusals.KeyNotEnrolled, $"Neither key of the {enrollment.Key} signed the token."));
        }

        return enrollment.IsEnabled
            ? new AttestationVerdict.Accepted(device, at, enrollment, slot, new AttestationAnchor.OfKey(slots[slot], slots))
            : Refuse(AttestationRefusals.DisabledBy(enrollment.Key));

        AttestationVerdict Refuse(Refusal refusal) => new AttestationVerdict.Refused(device, at, refusal, enrollment.Key);
    }

    private KeySlots? KeysOf(Enrollment enrollment) => enrollment.Mechanism switch
    {
        AttestationMechanism.SymmetricKeys { Slots: var slots } => slots,
        AttestationMechanism.Tpm tpm => tpmKeys.KeysOf(enrollment, tpm),
        _ => null,
    };

    // Enabled groups come first: a disabled one denies only devices that no enabled one takes. A blocked one denies all that it would take.
    private static AttestationVerdict AttestByGroup(
        AuthenticatedDevice device, DeviceToken token, EnrollmentCandidates candidates, DateTimeOffset at)
    {
        var groups = candidates.Groups;
        foreach (var group in groups.OrderByDescending(IsBlocked).ThenByDescending(group => group.IsEnabled))
        {
            if (group.Mechanism is AttestationMechanism.SymmetricKeys { Slots: var slots }
                && DerivedBy(slots, device.RegistrationId, token) is ({ } slot, { } derived))
            {
                return group.IsEnabled || IsBlocked(group)
                    ? new AttestationVerdict.Accepted(device, at, group, slot, new AttestationAnchor.OfKey(slots[slot], derived))
                    : new AttestationVerdict.Refused(device, at, AttestationRefusals.DisabledBy(group.Key), group.Key);
            }
        }

        var careless = groups.FirstOrDefault(
            group => group.Mechanism is AttestationMechanism.SymmetricKeys { Slots: var slots } && SlotOf(slots, token) is not null);
        var refusal = careless is null
            ? new Refusal(
                AttestationRefusals.NoKeyEnrolled,
                $"There is no individual enrollment '{device.RegistrationId}', and no key derived for it from one of {groups.Count} groups signed the token.")
            : new Refusal(AttestationRefusals.GroupKeyUsed, $"A key of the {careless.Key} itself signed the token of '{device.RegistrationId}'.");
        return new AttestationVerdict.Refused(device, at, refusal, careless?.Key);

        bool IsBlocked(Enrollment group) => candidates.Blocks.Any(group.Key.IsRefusedBy);
    }

    // The id as the device spelled it, then in lower case: clients differ in what they derive from (dps-protocol §4.2).
    private static (Slot Slot, KeySlots Derived)? DerivedBy(KeySlots slots, RegistrationId id, DeviceToken token)
    {
        foreach (var spelling in id.Spellings)
        {
            var derived = slots.Derive(spelling);
            if (SlotOf(derived, token) is { } slot)
            {
                return (slot, derived);
            }
        }

        return null;
    }

    private static Slot? SlotOf(KeySlots slots, DeviceToken token) =>
        token.IsSigned(slots.Primary) ? Slot.Primary
        : token.IsSigned(slots.Secondary) ? Slot.Secondary
        : null;
}
