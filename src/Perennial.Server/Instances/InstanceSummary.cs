namespace Perennial.Server.Instances;

/// <summary>What <c>perennial info --json</c> prints. Holds secrets by design.</summary>
internal sealed record InstanceSummary
{
    public required string IdScope { get; init; }

    public required string ProvisioningHost { get; init; }

    public required string ProvisioningConnectionString { get; init; }

    public required IReadOnlyList<HubSummary> Hubs { get; init; }

    /// <summary>Path of the PEM file that clients trust.</summary>
    public required string TrustBundle { get; init; }

    /// <summary>The path, or the words for the database without its password.</summary>
    public required string Database { get; init; }

    public required PortsDocument Ports { get; init; }
}
