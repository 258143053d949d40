namespace Perennial.Provisioning.Allocation;

/// <summary>Where a device identity is: a hub and the id on it.</summary>
public sealed record DeviceLocation(ILinkedHub Hub, string DeviceId);
