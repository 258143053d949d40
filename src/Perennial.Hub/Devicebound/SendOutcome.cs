namespace Perennial.Hub.Devicebound;

/// <summary>What became of a message that a back end sent.</summary>
public enum SendOutcome
{
    /// <summary>It is on disk.</summary>
    Stored,

    UnknownDevice,

    /// <summary>The device's queue is full.</summary>
    QueueFull,

    TooLarge,
}
