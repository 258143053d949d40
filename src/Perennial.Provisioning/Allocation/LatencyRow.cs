namespace Perennial.Provisioning.Allocation;

/// <summary>The latencies that the devices of one region see.</summary>
/// <param name="Prefix">What the registration ids of the region begin with, compared without case; empty for every device.</param>
/// <param name="Milliseconds">Latency by the host name of the hub.</param>
public sealed record LatencyRow(string Prefix, IReadOnlyDictionary<string, int> Milliseconds);
