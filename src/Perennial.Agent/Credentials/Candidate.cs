using Perennial.Agent.Keys;

namespace Perennial.Agent.Credentials;

/// <summary>The credential that is to be next.</summary>
internal sealed record Candidate
{
    public required KeySlot Slot { get; init; }

    public required CandidateStep Step { get; init; }

    /// <summary>Names the request to the hub, so that asking again after a crash finds the same operation.</summary>
    public required string RequestId { get; init; }

    /// <summary>Its certificate; from <see cref="CandidateStep.Issued"/> on, and while one is asked for again.</summary>
    public OperationalCredential? Credential { get; init; }

    /// <summary>When the test ends in going back to the current one.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
