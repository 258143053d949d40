using System.Text.Json;

namespace Perennial.Provisioning.Enrollments;

/// <summary>An enrollment as a caller asks for it, before it is checked against the rules and what is stored.</summary>
public sealed record EnrollmentDraft
{
    public required EnrollmentKey Key { get; init; }

    /// <summary>True when the certificates sign leaves; false when they are leaves.</summary>
    public required bool HoldsSigners { get; init; }

    public required SlotDraft Primary { get; init; }

    public required SlotDraft Secondary { get; init; }

    public bool IsEnabled { get; init; } = true;

    public string? DeviceId { get; init; }

    public AllocationPolicy? AllocationPolicy { get; init; }

    public IReadOnlyList<string> HubHostNames { get; init; } = [];

    public ReprovisionPolicy ReprovisionPolicy { get; init; } = ReprovisionPolicy.Migrate;

    public InitialTwin? InitialTwin { get; init; }

    public bool IsEdge { get; init; }

    public JsonElement? OptionalDeviceInformation { get; init; }

    /// <summary>The enrollment as it stands, with one slot emptied.</summary>
    public static EnrollmentDraft Without(Enrollment enrollment, Slot slot)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        return new EnrollmentDraft
        {
            Key = enrollment.Key,
            HoldsSigners = enrollment.Mechanism is AttestationMechanism.Signers,
            Primary = slot == Slot.Primary ? new SlotDraft.Empty() : Held(Slot.Primary),
            Secondary = slot == Slot.Secondary ? new SlotDraft.Empty() : Held(Slot.Secondary),
            IsEnabled = enrollment.IsEnabled,
            DeviceId = enrollment.DeviceId,
            AllocationPolicy = enrollment.AllocationPolicy,
            HubHostNames = enrollment.HubHostNames,
            ReprovisionPolicy = enrollment.ReprovisionPolicy,
            InitialTwin = enrollment.InitialTwin,
            IsEdge = enrollment.IsEdge,
            OptionalDeviceInformation = enrollment.OptionalDeviceInformation,
        };

        SlotDraft Held(Slot held) =>
            enrollment.Mechanism.Certificates[held] is { } certificate ? new SlotDraft.Place(certificate) : new SlotDraft.Empty();
    }
}
