using System.Text.Json;
using Perennial.Provisioning.Allocation;

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
}
