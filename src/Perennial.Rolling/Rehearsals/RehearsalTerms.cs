namespace Perennial.Rolling.Rehearsals;

/// <summary>What an operator says of the fleet that the service cannot see.</summary>
public sealed record RehearsalTerms
{
    /// <summary>A chain as devices will present it, PEM, leaf first; null to make out one.</summary>
    public string? Specimen { get; init; }

    /// <summary>The most bytes of certificates that devices hold.</summary>
    public int LargestChain { get; init; } = 4096;

    /// <summary>Clocks of devices are wrong by up to so much, either way.</summary>
    public TimeSpan ClockError { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Draws what is drawn.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What the service bears, where the operator knows better than what is measured.</summary>
    public Capacities Capacities { get; init; } = new();

    /// <summary>What is wrong with them, in one sentence; null when nothing is.</summary>
    public string? FindFault() =>
        LargestChain is < 256 or > 1_000_000 ? "The largest chain is 256 to 1000000 bytes."
        : ClockError < TimeSpan.Zero || ClockError > TimeSpan.FromDays(36525) ? "The error of clocks is 0 seconds to a hundred years."
        : new[] { Capacities.Issuances, Capacities.Registrations, Capacities.Handshakes }.Any(capacity => capacity < 1) ? "A capacity is at least one in a minute."
        : null;
}
