namespace Perennial.Rolling.Rehearsals;

/// <summary>What a finding means for the start of the roll.</summary>
public enum FindingSeverity
{
    /// <summary>To be known; the roll may be started.</summary>
    Warns,

    /// <summary>The plan is not to be started as it is.</summary>
    Blocks,
}
