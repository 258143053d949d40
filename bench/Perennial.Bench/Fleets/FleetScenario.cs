namespace Perennial.Bench.Fleets;

/// <summary>A fleet, how it is rolled, and what goes wrong meanwhile.</summary>
/// <param name="Kind">What is rolled.</param>
/// <param name="Devices">The size of the fleet.</param>
internal sealed record FleetScenario(FleetKind Kind, int Devices)
{
    // Each device that is told costs a handshake, a CONNECT, a twin and its telemetry.
    private const double ShareOfLimit = 0.5;

    /// <summary>Decides the order of the devices, their rhythm, who is offline and when the server is killed.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Each device sends a message about this often.</summary>
    public TimeSpan Rhythm { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the server is killed in the middle of every step.</summary>
    public bool IsKilled { get; init; }

    /// <summary>The share of the fleet that is offline until every other device has moved.</summary>
    public double OfflineShare { get; init; }

    /// <summary>Whether the devices obtain a certificate that nobody enrolled.</summary>
    public bool IsBad { get; init; }

    /// <summary>Whether the devices give up their connection before they try a new certificate.</summary>
    public bool BreaksFirst { get; init; }

    /// <summary>Whether nothing goes wrong.</summary>
    public bool IsPlain => !IsKilled && OfflineShare == 0 && !IsBad;

    /// <summary>Devices that are told in a minute, at most.</summary>
    public int RatePerMinute { get; init; } = 6000;

    /// <summary>Devices whose credential is shown to the provisioning service all along.</summary>
    public int Probed => Math.Clamp(Devices / 100, 3, 20);

    public int Canary => Math.Clamp(Devices / 50, 5, 50);

    /// <summary>The plan as the service API takes it: no soak, since what is measured is the service.</summary>
    public object Plan => new
    {
        canarySize = Canary,
        waveSize = Math.Max(10, Devices / 10),
        growth = 3,
        ratePerMinute = RatePerMinute,
        soakSeconds = 0,
        gate = OfflineShare > 0 ? 0.5 : 0.95,
        contactWithinSeconds = OfflineShare > 0 ? 5 : 3600,
    };

    /// <summary>The same, with devices told at half the rate at which bare handshakes can be made here.</summary>
    public FleetScenario AtPaceOf(double handshakesPerSecond) => this with { RatePerMinute = (int)(60 * ShareOfLimit * handshakesPerSecond) };

    public override string ToString() =>
        (Kind == FleetKind.IssuingCa ? "issuing authority" : Kind.ToString().ToLowerInvariant())
        + (IsKilled ? ", server killed in each step" : OfflineShare > 0 ? $", {OfflineShare:P0} offline" : IsBad ? ", bad canary" : string.Empty)
        + (BreaksFirst ? ", devices that break first" : string.Empty);
}
