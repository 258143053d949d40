namespace Perennial.Rolling.Impact;

/// <summary>Devices that one key took last and that are on one hub, without those that are judged alone.</summary>
/// <param name="Hub">The hub; null for devices on none.</param>
/// <param name="Devices">How many.</param>
/// <param name="First">One of them.</param>
public sealed record KeyLot(string? Hub, long Devices, PresentedKey First);
