namespace Perennial.Agent.Credentials;

/// <summary>All that the agent remembers; one document of the journal.</summary>
internal sealed record AgentState
{
    public const int LatestVersion = 1;

    public int Version { get; init; } = LatestVersion;

    public required string RegistrationId { get; init; }

    /// <summary>What the provisioning service assigned.</summary>
    public string? Hub { get; init; }

    public string? DeviceId { get; init; }

    public CredentialSet Credentials { get; init; } = CredentialSet.Empty;

    public RollWindow? Window { get; init; }

    /// <summary>Whether the window is the twin's, so that it goes when the twin has none any more.</summary>
    public bool IsWindowOfTwin { get; init; }

    /// <summary>Null when the service does not want the device to go back.</summary>
    public RollBack? Back { get; init; }

    /// <summary>The window that the twin held when it was last read. It counts when it changes: one that was over does not take the place of a later one from elsewhere.</summary>
    public RollWindow? WindowOfTwin { get; init; }

    /// <summary>The wish to go back that the twin held when it was last read. It counts when it changes, so that one that came by a method meanwhile is not undone by it.</summary>
    public RollWindow? BackOfTwin { get; init; }

    public RollAttempts Attempts { get; init; } = RollAttempts.None;

    /// <summary>The last time that was known to be good.</summary>
    public DateTimeOffset? LastGoodTime { get; init; }

    /// <summary>The leaf that the published files hold.</summary>
    public string? Published { get; init; }

    /// <summary>The leaf for which the deploy hook has succeeded.</summary>
    public string? Deployed { get; init; }
}
