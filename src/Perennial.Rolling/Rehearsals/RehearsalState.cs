namespace Perennial.Rolling.Rehearsals;

/// <summary>Where a rehearsal stands. Storage keeps the numbers.</summary>
public enum RehearsalState
{
    Running,
    Done,

    /// <summary>Ended by an operator before it was done.</summary>
    Stopped,

    /// <summary>Ended by a fault, or with the service that it ran in.</summary>
    Failed,
}
