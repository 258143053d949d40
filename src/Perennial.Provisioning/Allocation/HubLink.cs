namespace Perennial.Provisioning.Allocation;

/// <summary>A hub that is linked to the service, with the terms of the link.</summary>
public sealed record HubLink(ILinkedHub Hub)
{
    public const int MinWeight = 1;

    public const int MaxWeight = 1000;

    public string HostName => Hub.HostName;

    /// <summary>Share in hashed allocation, 1 to 1,000.</summary>
    public int Weight { get; init; } = MinWeight;

    /// <summary>False: only an enrollment that names the hub gets it.</summary>
    public bool AppliesAllocationPolicy { get; init; } = true;
}
