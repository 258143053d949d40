using Perennial.Rolling.Fleet;

namespace Perennial.Server.Fleet;

/// <summary>How the fleet was when it was last counted.</summary>
public sealed record FleetFigures
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Devices by state; a state without devices is left out.</summary>
    public required IReadOnlyDictionary<DeviceState, long> States { get; init; }

    /// <summary>The coming weeks, in order; a week without an end is left out.</summary>
    public required IReadOnlyList<ExpiryWeek> Weeks { get; init; }
}
