namespace Perennial.Bench;

/// <summary>How much is measured.</summary>
internal sealed record ProvisioningPlan
{
    /// <summary>For a look at whether it runs; the page is not written.</summary>
    public static ProvisioningPlan Quick { get; } = new() { WarmUps = 1, Rounds = 2, Exchanges = 64, Timed = 20 };

    /// <summary>Rounds before the first that counts, so that the servers run compiled and optimised code.</summary>
    public int WarmUps { get; init; } = 8;

    public int Rounds { get; init; } = 9;

    /// <summary>Exchanges of each kind a round, every one by a device of its own.</summary>
    public int Exchanges { get; init; } = 400;

    /// <summary>Exchanges under way at once: enough that the server is never idle, as when a fleet comes back.</summary>
    public int Together { get; init; } = 32;

    /// <summary>Exchanges one after the other whose time is taken at the client.</summary>
    public int Timed { get; init; } = 200;
}
