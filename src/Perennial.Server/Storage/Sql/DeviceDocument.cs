using Perennial.Hub.Devices;

namespace Perennial.Server.Storage.Sql;

/// <summary>A device identity as it is kept, but for what stands in columns.</summary>
internal sealed record DeviceDocument
{
    public required string Generation { get; init; }

    public string? StatusReason { get; init; }

    public DateTimeOffset? StatusUpdated { get; init; }

    public required CredentialDocument Credential { get; init; }

    public bool IsEdge { get; init; }

    public string? ManagedBy { get; init; }

    public string? DeviceScope { get; init; }

    public IReadOnlyList<string>? ParentScopes { get; init; }

    public required DateTimeOffset Created { get; init; }

    public static DeviceDocument From(DeviceIdentity device, bool withSecrets) => new()
    {
        Generation = device.GenerationId,
        StatusReason = device.StatusReason,
        StatusUpdated = device.StatusUpdated,
        Credential = CredentialDocument.From(device.Credential, withSecrets),
        IsEdge = device.IsEdge,
        ManagedBy = device.ManagedBy,
        DeviceScope = device.DeviceScope,
        ParentScopes = device.ParentScopes.Count == 0 ? null : device.ParentScopes,
        Created = device.Created,
    };

    public DeviceIdentity ToDomain(DeviceId id, string etag, bool isEnabled) => new()
    {
        Id = id,
        GenerationId = Generation,
        ETag = etag,
        IsEnabled = isEnabled,
        StatusReason = StatusReason,
        StatusUpdated = StatusUpdated,
        Credential = Credential.ToDomain(),
        IsEdge = IsEdge,
        ManagedBy = ManagedBy,
        DeviceScope = DeviceScope,
        ParentScopes = ParentScopes ?? [],
        Created = Created,
    };
}
