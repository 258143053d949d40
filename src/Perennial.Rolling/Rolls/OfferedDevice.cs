namespace Perennial.Rolling.Rolls;

/// <summary>A roll that runs, offered a device the new certificate, and waits for it.</summary>
/// <param name="Roll">The roll.</param>
/// <param name="At">When it was offered.</param>
/// <param name="Opens">When its window begins.</param>
public sealed record OfferedDevice(Roll Roll, DateTimeOffset At, DateTimeOffset Opens);
