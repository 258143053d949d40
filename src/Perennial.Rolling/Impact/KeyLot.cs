namespace Perennial.Rolling.Impact;

/// <summary>
/// Devices that one key took last, that are on one hub and that registered through one group, without those that are judged alone: a change does the same to
/// each of them.
/// </summary>
/// <param name="Devices">How many.</param>
/// <param name="First">One of them.</param>
public sealed record KeyLot(long Devices, PresentedKey First);
