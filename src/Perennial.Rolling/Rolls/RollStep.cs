namespace Perennial.Rolling.Rolls;

/// <summary>What is to be done next about a roll.</summary>
public abstract record RollStep
{
    private RollStep()
    {
    }

    /// <summary>Nothing now; the sentence says for what.</summary>
    public sealed record Wait(string For) : RollStep;

    /// <summary>Let the new issuing authority be trusted wherever the old one is.</summary>
    public sealed record Stage : RollStep;

    /// <summary>The new issuing authority is trusted: it issues from now on, and the old one no longer.</summary>
    public sealed record Issue : RollStep;

    /// <summary>Offer the new certificate to so many more devices of the wave.</summary>
    public sealed record Offer(int Devices) : RollStep;

    /// <summary>The gate is open: the next wave begins.</summary>
    public sealed record NextWave : RollStep;

    /// <summary>Stop touching devices; the sentence says why.</summary>
    public sealed record Halt(string Reason) : RollStep;

    /// <summary>No device holds the overlap open: retire the old certificate.</summary>
    public sealed record Retire : RollStep;
}
