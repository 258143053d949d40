namespace Perennial.Hub.Sessions;

/// <summary>Why the hub ends a live connection.</summary>
public enum CloseReason
{
    /// <summary>A newer connection of the same device took its place.</summary>
    Superseded,

    /// <summary>The device is deleted, disabled, or its credential is no longer accepted.</summary>
    TrustWithdrawn,

    /// <summary>The life of the token that it connected with is over.</summary>
    TokenExpired,

    /// <summary>The server stops.</summary>
    ShuttingDown,
}
