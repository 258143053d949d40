namespace Perennial.Server.Instances;

/// <summary>One hub in <see cref="InstanceSummary"/>.</summary>
internal sealed record HubSummary(string Name, string HostName, string ConnectionString);
