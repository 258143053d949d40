namespace Perennial.Server.Limits;

/// <summary>What is limited on a hub (hub-protocol §9).</summary>
internal enum HubOperation
{
    Registry,
    TwinRead,
    TwinUpdate,
    Query,
    Method,
    Connect,
    Telemetry,
    CloudToDevice,
    Job,
}
