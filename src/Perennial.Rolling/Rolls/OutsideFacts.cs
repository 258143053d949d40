namespace Perennial.Rolling.Rolls;

/// <summary>Devices of a roll that nobody touched, for comparison with its wave.</summary>
/// <param name="Devices">Those that were looked at.</param>
/// <param name="Silent">Those of them that are not connected, and were not seen for as long as a device of the wave that has lost contact.</param>
public sealed record OutsideFacts(long Devices, long Silent);
