namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>What a device can do. Source: dps-protocol §7.6.</summary>
public sealed record DeviceCapabilitiesDocument
{
    /// <summary>Whether it is an edge device.</summary>
    public bool? IotEdge { get; init; }
}
