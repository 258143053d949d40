namespace Perennial.Rolling.Rehearsals;

/// <summary>A wave that passed its gate only since certificates had ended, or never.</summary>
internal sealed record StuckWave(int Wave, int Offered, int Moved, int Gone);
