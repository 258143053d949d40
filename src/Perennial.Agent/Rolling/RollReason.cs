namespace Perennial.Agent.Rolling;

/// <summary>Why the next roll is when it is.</summary>
internal enum RollReason
{
    /// <summary>The share of the lifetime has passed.</summary>
    Lifetime,

    /// <summary>The service gave a window.</summary>
    Window,

    /// <summary>The last attempt failed.</summary>
    Retry,

    /// <summary>The service asked to wait.</summary>
    AskedToWait,

    /// <summary>The service drains the certificate in use.</summary>
    Drained,

    /// <summary>A roll is under way.</summary>
    UnderWay,
}
