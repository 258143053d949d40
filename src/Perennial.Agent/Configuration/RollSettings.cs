namespace Perennial.Agent.Configuration;

/// <summary>When to roll, and how long to try.</summary>
internal sealed record RollSettings
{
    /// <summary>The share of its lifetime after which a certificate is rolled, unless the service gives a window.</summary>
    public double Share { get; set; } = 2.0 / 3.0;

    /// <summary>The share of the lifetime over which devices are spread around that moment.</summary>
    public double Spread { get; set; } = 0.1;

    /// <summary>Seconds after which a new certificate that the hub did not accept is given up.</summary>
    public int TestLimitSeconds { get; set; } = 600;
}
