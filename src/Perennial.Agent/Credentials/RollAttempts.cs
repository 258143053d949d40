namespace Perennial.Agent.Credentials;

/// <summary>The attempts since the last roll that succeeded.</summary>
internal sealed record RollAttempts
{
    public static readonly RollAttempts None = new();

    public int Failures { get; init; }

    public DateTimeOffset? LastFailure { get; init; }

    /// <summary>Until when the service asked to wait.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>What kind of failure the last one was, in one word.</summary>
    public string? Code { get; init; }

    /// <summary>What went wrong last, for a person.</summary>
    public string? Error { get; init; }
}
