namespace Perennial.Server.Instances;

/// <summary>One row of the latency table.</summary>
internal sealed record LatencyRowDocument
{
    /// <summary>What the registration ids begin with; empty for every device.</summary>
    public string RegistrationIdPrefix { get; init; } = string.Empty;

    /// <summary>Milliseconds by the host name of the hub.</summary>
    public IReadOnlyDictionary<string, int> Milliseconds { get; init; } = new Dictionary<string, int>();
}
