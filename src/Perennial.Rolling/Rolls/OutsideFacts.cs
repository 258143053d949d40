namespace Perennial.Rolling.Rolls;

/// <summary>Devices of a roll for comparison with its wave: those that nobody touched or, when none is left, those of earlier waves.</summary>
/// <param name="Devices">Those that were looked at.</param>
/// <param name="Silent">Those of them that are not connected, and were not seen for as long as a device of the wave that has lost contact.</param>
public sealed record OutsideFacts(long Devices, long Silent);
