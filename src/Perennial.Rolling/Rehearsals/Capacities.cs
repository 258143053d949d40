namespace Perennial.Rolling.Rehearsals;

/// <summary>What the service was measured to bear in a minute, or is limited to; null when that is not known.</summary>
public sealed record Capacities
{
    public long? Issuances { get; init; }

    public long? Registrations { get; init; }

    public long? Handshakes { get; init; }
}
