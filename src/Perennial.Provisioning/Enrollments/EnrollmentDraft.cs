using System.Text.Json;

namespace Perennial.Provisioning.Enrollments;

/// <summary>An enrollment as a caller asks for it, before it is checked against the rules and what is stored.</summary>
public sealed record EnrollmentDraft
{
    public required EnrollmentKey Key { get; init; }

    public required MechanismDraft Mechanism { get; init; }

    public bool IsEnabled { get; init; } = true;

    public string? DeviceId { get; init; }

    public AllocationPolicy? AllocationPolicy { get; init; }

    public IReadOnlyList<string> HubHostNames { get; init; } = [];

    /// <summary>Set with the custom policy.</summary>
    public CustomAllocation? CustomAllocation { get; init; }

    public ReprovisionPolicy ReprovisionPolicy { get; init; } = ReprovisionPolicy.Migrate;

    public InitialTwin? InitialTwin { get; init; }

    public bool IsEdge { get; init; }

    /// <summary>The profile by which devices of the enrollment are issued certificates (dps-protocol §10); null when they are issued none.</summary>
    public string? CredentialPolicy { get; init; }

    /// <summary>How its devices are told to roll, where the plan of the roll does not say; null for the usual way, the desired properties.</summary>
    public RollOffer? RollOffer { get; init; }

    public JsonElement? OptionalDeviceInformation { get; init; }

    /// <summary>The enrollment as it stands, with another mechanism.</summary>
    public static EnrollmentDraft Of(Enrollment enrollment, MechanismDraft mechanism)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        return new EnrollmentDraft
        {
            Key = enrollment.Key,
            Mechanism = mechanism,
            IsEnabled = enrollment.IsEnabled,
            DeviceId = enrollment.DeviceId,
            AllocationPolicy = enrollment.AllocationPolicy,
            HubHostNames = enrollment.HubHostNames,
            CustomAllocation = enrollment.CustomAllocation,
            ReprovisionPolicy = enrollment.ReprovisionPolicy,
            InitialTwin = enrollment.InitialTwin,
            IsEdge = enrollment.IsEdge,
            CredentialPolicy = enrollment.CredentialPolicy,
            RollOffer = enrollment.RollOffer,
            OptionalDeviceInformation = enrollment.OptionalDeviceInformation,
        };
    }

    /// <summary>The enrollment as it stands.</summary>
    public static EnrollmentDraft Of(Enrollment enrollment)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        return Of(enrollment, MechanismDraft.Of(enrollment.Mechanism));
    }

    /// <summary>The enrollment, which attests by certificate, as it stands, with one certificate or reference taken out.</summary>
    public static EnrollmentDraft Without(Enrollment enrollment, Slot slot)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        return Of(enrollment, Without(enrollment.Mechanism, slot));
    }

    private static MechanismDraft Without(AttestationMechanism mechanism, Slot slot)
    {
        return mechanism switch
        {
            AttestationMechanism.X509 { Slots: var slots } =>
                new MechanismDraft.X509(mechanism is AttestationMechanism.Signers, Left(slots, Slot.Primary), Left(slots, Slot.Secondary)),
            AttestationMechanism.CaReferences references =>
                new MechanismDraft.CaReferences(Name(references, Slot.Primary), Name(references, Slot.Secondary)),
            _ => throw new ArgumentException($"The enrollment attests by {mechanism.Word}.", nameof(mechanism)),
        };

        SlotDraft Left(CertificateSlots slots, Slot held) =>
            held != slot && slots[held] is { } certificate ? new SlotDraft.Place(certificate) : new SlotDraft.Empty();

        string? Name(AttestationMechanism.CaReferences references, Slot held) => held == slot ? null : references[held]?.Name;
    }
}
