namespace Perennial.Server.Storage;

/// <summary>
/// The database does not answer, or cannot write, at this moment: what was asked may be asked again later. A write may have been stored
/// all the same when the connection broke at its very end.
/// </summary>
internal sealed class StorageUnavailableException : Exception
{
    /// <summary>What clients are told to wait.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public StorageUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
