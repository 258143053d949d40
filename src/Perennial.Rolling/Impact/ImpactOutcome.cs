namespace Perennial.Rolling.Impact;

/// <summary>What a change of trust does to a device.</summary>
public enum ImpactOutcome
{
    /// <summary>It is accepted as before, and for as long.</summary>
    Keeps,

    /// <summary>It is refused from the moment of the change, its live connection included.</summary>
    LosesAtOnce,

    /// <summary>It is drained: it may obtain a new certificate, and nothing else until it has one.</summary>
    Drains,

    /// <summary>Its hub goes on accepting it; it is refused when it registers.</summary>
    LosesAtRegistration,

    /// <summary>It is accepted, but not for as long as before.</summary>
    LosesEarlier,

    /// <summary>No chain of it was ever accepted, so nothing can be said.</summary>
    Unknown,

    /// <summary>It is refused now, and accepted after the change.</summary>
    Gains,
}
