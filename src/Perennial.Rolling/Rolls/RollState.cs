namespace Perennial.Rolling.Rolls;

/// <summary>Where a roll stands in its life. Storage keeps the numbers: a new state comes last.</summary>
public enum RollState
{
    /// <summary>Planned; no device has been touched.</summary>
    Draft,

    /// <summary>Devices are offered the new certificate, and the old one is retired when they have moved.</summary>
    Running,

    /// <summary>No device is offered anything; what was offered stays offered. By an operator, or by a halt, which says why.</summary>
    Paused,

    /// <summary>The old certificate is retired.</summary>
    Completed,

    /// <summary>Ended by an operator. Both certificates count as before; offers that no device followed are withdrawn.</summary>
    Aborted,

    /// <summary>Planned, and rehearsed as it is planned: nothing was found that blocks it. No device has been touched.</summary>
    Rehearsed,
}
