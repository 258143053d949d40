using System.Text.Json;
using Perennial.Provisioning.Attestation;

namespace Perennial.Provisioning.Registrations;

/// <summary>A registration that waits for a hub outside this process, or for a custom allocation. One device has at most one.</summary>
public sealed record PendingOperation
{
    public required RegistrationId Id { get; init; }

    public required string OperationId { get; init; }

    /// <summary>Whose operation it is: the credential that began it.</summary>
    public required RegisteredCredential Credential { get; init; }

    /// <summary>What the device sent along.</summary>
    public JsonElement? Payload { get; init; }

    public required DateTimeOffset Begun { get; init; }

    /// <summary>True when the device asks for what is under way.</summary>
    internal bool IsFor(AttestationVerdict.Accepted verdict, JsonElement? payload) =>
        Credential == RegisteredCredential.Of(verdict)
        && string.Equals(Payload?.GetRawText(), payload?.GetRawText(), StringComparison.Ordinal);
}
