namespace Perennial.X509.Paths;

/// <summary>What one search may still spend; certificates from a stranger must not buy unbounded work.</summary>
internal sealed class SearchEffort
{
    private const int MaxSignatures = 32;
    private const int MaxSteps = 256;
    private const int MaxComparisons = 20_000;

    private int _signatures;
    private int _steps;
    private int _comparisons;

    /// <summary>Whether something was left out for want of effort.</summary>
    internal bool IsSpent { get; private set; }

    internal bool TrySpendSignature() => TrySpend(ref _signatures, MaxSignatures);

    internal bool TrySpendStep() => TrySpend(ref _steps, MaxSteps);

    internal bool TrySpendComparison() => TrySpend(ref _comparisons, MaxComparisons);

    private bool TrySpend(ref int spent, int most)
    {
        if (spent == most)
        {
            IsSpent = true;
            return false;
        }

        spent++;
        return true;
    }
}
