namespace Perennial.Protocol.Provisioning.LinkedHubs;

/// <summary>The latencies that devices of one region see.</summary>
public sealed record LatencyDocument
{
    /// <summary>What their registration ids begin with; empty or left out for every device.</summary>
    public string? RegistrationIdPrefix { get; init; }

    /// <summary>Milliseconds by the host name of the hub.</summary>
    public IReadOnlyDictionary<string, int>? Milliseconds { get; init; }
}
