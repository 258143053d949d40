using System.Text.Json;
using Perennial.Provisioning.Registrations;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>What of a pending operation is no key.</summary>
internal sealed record OperationDocument
{
    public required string Id { get; init; }

    public CredentialKind CredentialKind { get; init; }

    public required string Credential { get; init; }

    public JsonElement? Payload { get; init; }

    public long Begun { get; init; }

    public static OperationDocument From(PendingOperation operation) => new()
    {
        Id = operation.Id.Value,
        CredentialKind = operation.Credential.Kind,
        Credential = operation.Credential.Thumbprint.ToString(),
        Payload = operation.Payload,
        Begun = operation.Begun.UtcTicks,
    };

    public PendingOperation ToDomain(string operationId) => new()
    {
        Id = Keys.Registration(Id),
        OperationId = operationId,
        Credential = new RegisteredCredential(CredentialKind, Thumbprint.Parse(Credential, null)),
        Payload = Payload,
        Begun = new DateTimeOffset(Begun, TimeSpan.Zero),
    };
}
