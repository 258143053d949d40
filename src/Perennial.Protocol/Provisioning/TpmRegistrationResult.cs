namespace Perennial.Protocol.Provisioning;

/// <summary>The wrapped hub key for a TPM. Source: dps-protocol §4.3.</summary>
public sealed record TpmRegistrationResult
{
    /// <summary>The wrapped key, base64.</summary>
    public string? AuthenticationKey { get; init; }
}
