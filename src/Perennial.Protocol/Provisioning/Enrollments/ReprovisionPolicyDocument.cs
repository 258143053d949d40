namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>What happens when an assigned device registers again. Source: dps-protocol §6.1.</summary>
public sealed record ReprovisionPolicyDocument
{
    /// <summary>Whether the hub is chosen anew; true when left out.</summary>
    public bool? UpdateHubAssignment { get; init; }

    /// <summary>Whether the twin goes along; true when left out.</summary>
    public bool? MigrateDeviceData { get; init; }
}
