namespace Perennial.Rolling.Rolls;

/// <summary>What became of an operator's wish about a roll.</summary>
public abstract record RollOutcome
{
    private RollOutcome()
    {
    }

    public sealed record Done(Roll Roll) : RollOutcome;

    public sealed record NotFound : RollOutcome;

    /// <summary>There is a roll of this id.</summary>
    public sealed record Exists : RollOutcome;

    /// <summary>It cannot be done; the sentence says why and what mends it.</summary>
    public sealed record Invalid(string Sentence) : RollOutcome;
}
