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

    public JsonElement? OptionalDeviceInformation { get; init; }

    /// <summary>The enrollment as it stands, with one certificate taken out.</summary>
    public static EnrollmentDraft Without(Enrollment enrollment, AttestationMechanism.X509 mechanism, Slot slot)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        ArgumentNullException.ThrowIfNull(mechanism);
        return new EnrollmentDraft
        {
            Key = enrollment.Key,
            Mechanism = new MechanismDraft.X509(mechanism is AttestationMechanism.Signers, Left(Slot.Primary), Left(Slot.Secondary)),
            IsEnabled = enrollment.IsEnabled,
            DeviceId = enrollment.DeviceId,
            AllocationPolicy = enrollment.AllocationPolicy,
            HubHostNames = enrollment.HubHostNames,
            CustomAllocation = enrollment.CustomAllocation,
            ReprovisionPolicy = enrollment.ReprovisionPolicy,
            InitialTwin = enrollment.InitialTwin,
            IsEdge = enrollment.IsEdge,
            OptionalDeviceInformation = enrollment.OptionalDeviceInformation,
        };

        SlotDraft Left(Slot held) =>
            held != slot && mechanism.Slots[held] is { } certificate ? new SlotDraft.Place(certificate) : new SlotDraft.Empty();
    }
}
