namespace Perennial.Hub.Sessions;

/// <summary>A topic filter that the hub remembers for a device, and the quality of service it granted: 0 or 1.</summary>
public sealed record StoredSubscription(string Filter, int QualityOfService);
