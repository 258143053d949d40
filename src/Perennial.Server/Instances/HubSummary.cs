namespace Perennial.Server.Instances;

/// <summary>One hub in <see cref="InstanceSummary"/>.</summary>
/// <param name="Name">By which storage and paths know it.</param>
/// <param name="HostName">By which clients reach it.</param>
/// <param name="ConnectionString">For service SDKs.</param>
/// <param name="EventHubConnectionString">For Event Hubs clients that read its telemetry; null when no policy may.</param>
internal sealed record HubSummary(string Name, string HostName, string ConnectionString, string? EventHubConnectionString);
