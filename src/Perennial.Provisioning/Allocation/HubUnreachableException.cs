namespace Perennial.Provisioning.Allocation;

/// <summary>A linked hub did not answer, or answered that it cannot now. Asking again may help.</summary>
public sealed class HubUnreachableException : Exception
{
    public HubUnreachableException(string message)
        : base(message)
    {
    }

    public HubUnreachableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
