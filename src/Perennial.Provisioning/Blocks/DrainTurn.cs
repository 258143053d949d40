namespace Perennial.Provisioning.Blocks;

/// <summary>Whether it is the turn of a drained device.</summary>
public abstract record DrainTurn
{
    private DrainTurn()
    {
    }

    /// <summary>It may obtain a certificate now, and again.</summary>
    public sealed record Granted : DrainTurn;

    /// <summary>Others come first.</summary>
    public sealed record Later(TimeSpan Wait) : DrainTurn;

    /// <summary>It was not accepted with this leaf before the drain began.</summary>
    public sealed record Unseen : DrainTurn;
}
