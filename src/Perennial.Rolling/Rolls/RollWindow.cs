namespace Perennial.Rolling.Rolls;

/// <summary>When a device is to roll.</summary>
public sealed record RollWindow(DateTimeOffset NotBefore, DateTimeOffset NotAfter);
