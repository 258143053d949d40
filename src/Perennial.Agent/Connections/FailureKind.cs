namespace Perennial.Agent.Connections;

/// <summary>Why an exchange with a server failed, as far as it decides what the agent does.</summary>
internal enum FailureKind
{
    /// <summary>The server does not accept the credential: another one, or the provisioning service, may help.</summary>
    Unauthorized,

    /// <summary>The server says no to what was asked; asking the same again soon does not help.</summary>
    Refused,

    /// <summary>The certificate is drained: the provisioning service gives a new one for it, and does nothing else.</summary>
    Drained,

    /// <summary>The server asks to wait.</summary>
    Throttled,

    /// <summary>No answer, or one that says: later.</summary>
    Unavailable,

    /// <summary>The server's certificate is out of its time by this device's clock.</summary>
    OutOfTime,

    /// <summary>The server's certificate does not chain to the trust bundle, or bears another name.</summary>
    Untrusted,
}
