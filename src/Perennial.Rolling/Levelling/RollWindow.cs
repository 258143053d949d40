namespace Perennial.Rolling.Levelling;

/// <summary>When a device is to roll.</summary>
/// <param name="Begins">The first moment.</param>
/// <param name="Ends">The last moment; not before the first.</param>
public readonly record struct RollWindow(DateTimeOffset Begins, DateTimeOffset Ends);
