using System.Text.Json;

namespace Perennial.Provisioning.Enrollments;

/// <summary>Permission to provision, as the operator wrote it.</summary>
public sealed record Enrollment
{
    public required EnrollmentKey Key { get; init; }

    public required AttestationMechanism Mechanism { get; init; }

    /// <summary>A disabled enrollment refuses every device that it is the nearest entry of.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The device id on the hub, of an individual enrollment; null means the registration id.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Null means the policy of the service.</summary>
    public AllocationPolicy? AllocationPolicy { get; init; }

    /// <summary>Host names of the eligible linked hubs; empty means all.</summary>
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

    /// <summary>Free JSON object of the operator, returned as it was given.</summary>
    public JsonElement? OptionalDeviceInformation { get; init; }

    /// <summary>Changes with every save; opaque.</summary>
    public required string ETag { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset LastUpdated { get; init; }
}
