namespace Perennial.Server.Instances;

/// <summary>Something that only the operator can mend; its message is one clear line that says what and how.</summary>
internal sealed class OperatorException : Exception
{
    public OperatorException(string message)
        : base(message)
    {
    }

    public OperatorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
