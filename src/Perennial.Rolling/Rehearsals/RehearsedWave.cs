namespace Perennial.Rolling.Rehearsals;

/// <summary>A wave, as it went in a rehearsal.</summary>
/// <param name="Wave">Its number; 0 is the canary.</param>
/// <param name="Started">When it began.</param>
/// <param name="Offered">Devices that were offered the new certificate before the next began.</param>
public sealed record RehearsedWave(int Wave, DateTimeOffset Started, long Offered);
