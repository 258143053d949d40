using Perennial.Hub.Devices;

namespace Perennial.Hub.Registry;

/// <summary>What a registry write asks for. It replaces everything that can be written.</summary>
public sealed record RequestedDevice
{
    public required DeviceId Id { get; init; }

    public bool IsEnabled { get; init; } = true;

    public string? StatusReason { get; init; }

    /// <summary>Null asks for a new pair of symmetric keys.</summary>
    public DeviceCredential? Credential { get; init; }

    public bool IsEdge { get; init; }

    public string? ManagedBy { get; init; }

    public string? DeviceScope { get; init; }

    public IReadOnlyList<string> ParentScopes { get; init; } = [];

    /// <summary>The identity as it stands.</summary>
    public static RequestedDevice Of(DeviceIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return new()
        {
            Id = identity.Id,
            IsEnabled = identity.IsEnabled,
            StatusReason = identity.StatusReason,
            Credential = identity.Credential,
            IsEdge = identity.IsEdge,
            ManagedBy = identity.ManagedBy,
            DeviceScope = identity.DeviceScope,
            ParentScopes = identity.ParentScopes,
        };
    }

    /// <summary>A new identity of this shape.</summary>
    public DeviceIdentity ToIdentity(DateTimeOffset now) => new()
    {
        Id = Id,
        GenerationId = IdentityStamp.NewGenerationId(now),
        ETag = IdentityStamp.NewETag(),
        IsEnabled = IsEnabled,
        StatusReason = StatusReason,
        Credential = Credential ?? DeviceCredential.SymmetricKeys.Mint(),
        IsEdge = IsEdge,
        ManagedBy = ManagedBy,
        DeviceScope = DeviceScope,
        ParentScopes = ParentScopes,
        Created = now,
    };

    /// <summary>The stored identity, replaced by this shape.</summary>
    public DeviceIdentity Replace(DeviceIdentity stored, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return stored with
        {
            ETag = IdentityStamp.NewETag(),
            IsEnabled = IsEnabled,
            StatusReason = StatusReason,
            StatusUpdated = stored.IsEnabled == IsEnabled ? stored.StatusUpdated : now,
            Credential = Credential is null
                ? DeviceCredential.SymmetricKeys.Mint()
                : DeviceCredential.Replace(stored.Credential, Credential),
            IsEdge = IsEdge,
            ManagedBy = ManagedBy,
            DeviceScope = DeviceScope,
            ParentScopes = ParentScopes,
        };
    }
}
