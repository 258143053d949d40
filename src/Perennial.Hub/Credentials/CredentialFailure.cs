namespace Perennial.Hub.Credentials;

/// <summary>How a device is told that it gets no certificate.</summary>
public enum CredentialFailure
{
    /// <summary>The request is not one that may be met.</summary>
    Refused,

    /// <summary>The device is under no profile by which certificates are issued.</summary>
    NotAvailable,

    /// <summary>It asked too often.</summary>
    Throttled,

    /// <summary>The issuer cannot sign now.</summary>
    Unavailable,
}
