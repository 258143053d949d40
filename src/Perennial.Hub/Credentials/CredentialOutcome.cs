namespace Perennial.Hub.Credentials;

/// <summary>What a device is told at once when it asks for a certificate (hub-protocol §7.2).</summary>
public abstract record CredentialOutcome
{
    private CredentialOutcome()
    {
    }

    /// <summary>The request is under way, or was already.</summary>
    public sealed record Accepted(CredentialOperation Operation) : CredentialOutcome;

    /// <summary>Another request of the device is under way, and this one does not replace it.</summary>
    public sealed record Active(CredentialOperation Operation) : CredentialOutcome;

    /// <summary>The request that it is to replace is not under way.</summary>
    /// <param name="Operation">The one that is; null for none.</param>
    public sealed record NothingToReplace(CredentialOperation? Operation) : CredentialOutcome;

    /// <summary>Too many requests of all devices are under way.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : CredentialOutcome;
}
