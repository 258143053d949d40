namespace Perennial.Server.Instances;

/// <summary>One logical hub of an instance.</summary>
internal sealed record HubDocument
{
    /// <summary>Its name in paths and on the command line: 1 to 50 letters, digits and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What devices and services connect to; hubs are told apart by it.</summary>
    public required string HostName { get; init; }

    /// <summary>Share in hashed allocation, 1 to 1,000.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>True: accepts what the device's enrollment attests now. False: Azure's behaviour, only the leaf of the last registration.</summary>
    public bool FollowEnrollment { get; init; } = true;
}
