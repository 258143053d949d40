namespace Perennial.Rolling.Rehearsals;

/// <summary>A device that would lose access in the roll.</summary>
/// <param name="Device">The registration id.</param>
/// <param name="At">When it would.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record LostDevice(string Device, DateTimeOffset At, string Reason);
