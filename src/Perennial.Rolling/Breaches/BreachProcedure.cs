namespace Perennial.Rolling.Breaches;

/// <summary>What was compromised, and so which steps lead out of it.</summary>
public enum BreachProcedure
{
    /// <summary>The leaf in an individual enrollment.</summary>
    IndividualLeaf,

    /// <summary>The leaf of one device of a group.</summary>
    GroupLeaf,

    /// <summary>The intermediate of a group.</summary>
    Intermediate,

    /// <summary>The root of a group.</summary>
    Root,
}
