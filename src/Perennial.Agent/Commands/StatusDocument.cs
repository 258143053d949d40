using System.Text.Json;
using Perennial.Agent.Credentials;

namespace Perennial.Agent.Commands;

/// <summary>What <c>status --json</c> prints; documented in docs/agent.md.</summary>
internal sealed record StatusDocument
{
    public required string RegistrationId { get; init; }

    /// <summary><c>unprovisioned</c>, <c>valid</c>, <c>rolling</c> or <c>expired</c>.</summary>
    public required string State { get; init; }

    public string? Hub { get; init; }

    public string? DeviceId { get; init; }

    public OperationalCredential? Current { get; init; }

    public OperationalCredential? Previous { get; init; }

    public Candidate? Candidate { get; init; }

    public DateTimeOffset? NextRoll { get; init; }

    public string? Reason { get; init; }

    public RollWindow? Window { get; init; }

    public RollAttempts? Attempts { get; init; }

    /// <summary>Whether the files for other programs hold the current certificate; left out when none are published.</summary>
    public bool? IsPublished { get; init; }

    /// <summary>Whether the deploy hook has succeeded for it; left out when there is none.</summary>
    public bool? IsDeployed { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, StatusJson.Default.StatusDocument);
}
