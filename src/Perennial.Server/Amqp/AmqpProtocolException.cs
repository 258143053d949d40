namespace Perennial.Server.Amqp;

/// <summary>The peer sent what AMQP 1.0 or our bounds forbid; the connection ends and tells why.</summary>
internal sealed class AmqpProtocolException : Exception
{
    /// <param name="condition">The error condition of <c>close</c>, for instance <c>amqp:decode-error</c>.</param>
    /// <param name="message">What was wrong.</param>
    public AmqpProtocolException(string condition, string message)
        : base(message) => Condition = condition;

    public AmqpProtocolException(string condition, string message, Exception innerException)
        : base(message, innerException) => Condition = condition;

    public string Condition { get; }
}
