namespace Perennial.Bench;

/// <summary>How much is measured.</summary>
/// <param name="WarmUps">Rounds before the first that counts, so that the servers run compiled and optimised code.</param>
/// <param name="Rounds">Rounds that count.</param>
/// <param name="Exchanges">Exchanges of each contender a round.</param>
internal sealed record RoundPlan(int WarmUps, int Rounds, int Exchanges)
{
    /// <summary>Exchanges under way at once: enough that the server is never idle, as when a fleet comes back.</summary>
    public const int Together = 32;
}
