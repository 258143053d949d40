namespace Perennial.Rolling.Impact;

/// <summary>Devices that came with chains of one class, are on one hub, and whose leaves end on one day.</summary>
/// <param name="Class">The class, as storage numbers it.</param>
/// <param name="Hub">The hub whose identities follow the enrollment; null for devices on none.</param>
/// <param name="LastDay">The day, UTC, on which the leaves end.</param>
/// <param name="Devices">How many.</param>
/// <param name="Ended">Those of them whose leaf has ended.</param>
public sealed record ChainLot(long Class, string? Hub, DateOnly LastDay, long Devices, long Ended);
