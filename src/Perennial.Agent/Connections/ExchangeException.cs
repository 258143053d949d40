namespace Perennial.Agent.Connections;

/// <summary>An exchange with a server failed.</summary>
internal sealed class ExchangeException : Exception
{
    public ExchangeException(FailureKind kind, string message, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        RetryAfter = retryAfter;
    }

    public FailureKind Kind { get; }

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; }
}
