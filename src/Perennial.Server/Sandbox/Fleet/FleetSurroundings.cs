namespace Perennial.Server.Sandbox.Fleet;

/// <summary>What all devices of a fleet have in common: where the instance is, the clock, and where refusals and outages are kept.</summary>
internal sealed record FleetSurroundings(ServerAddress Server, string ProvisioningHost, string IdScope, TimeProvider Time)
{
    public RefusalTally Refusals { get; } = new();

    public OutageLog Outages { get; } = new(Time);
}
