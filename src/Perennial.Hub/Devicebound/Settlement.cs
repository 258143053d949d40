namespace Perennial.Hub.Devicebound;

/// <summary>What a receiver decides of a message that it holds the lock of.</summary>
public enum Settlement
{
    /// <summary>It is done.</summary>
    Complete,

    /// <summary>It goes back to its place in the queue.</summary>
    Abandon,

    /// <summary>It is never to be delivered again.</summary>
    Reject,
}
