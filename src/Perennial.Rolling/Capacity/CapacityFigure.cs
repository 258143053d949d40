namespace Perennial.Rolling.Capacity;

/// <summary>What one part of the service was measured to bear.</summary>
/// <param name="PerMinute">Devices in a minute.</param>
/// <param name="At">When it was measured.</param>
/// <param name="How">How, in one sentence.</param>
public sealed record CapacityFigure(int PerMinute, DateTimeOffset At, string How);
