using Perennial.Rolling.Fleet;

namespace Perennial.Server.Fleet;

/// <summary>A part of the fleet, counted.</summary>
/// <param name="States">Devices by state.</param>
/// <param name="Next">Where the next part begins; null after the last.</param>
internal sealed record FleetPart(IReadOnlyDictionary<DeviceState, long> States, string? Next);
