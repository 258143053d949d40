namespace Perennial.Hub.Devices;

/// <summary>A device, or a module of a device, as the hub's registry holds it. A module has no status of its own: its device's counts.</summary>
public sealed record DeviceIdentity
{
    /// <summary>The most modules of one device.</summary>
    public const int MaxModules = 50;

    /// <summary>The longest status reason, in characters (hub-protocol §4.2).</summary>
    public const int MaxStatusReasonLength = 128;

    public required DeviceId Id { get; init; }

    /// <summary>Made when the device is created; another one after it was deleted and created again.</summary>
    public required string GenerationId { get; init; }

    /// <summary>Changes with every write to the identity; opaque.</summary>
    public required string ETag { get; init; }

    /// <summary>A disabled device is refused and its connection dropped.</summary>
    public bool IsEnabled { get; init; } = true;

    public string? StatusReason { get; init; }

    /// <summary>When <see cref="IsEnabled"/> last changed; null when never.</summary>
    public DateTimeOffset? StatusUpdated { get; init; }

    public required DeviceCredential Credential { get; init; }

    public bool IsEdge { get; init; }

    /// <summary>Who manages a module, as its maker wrote it; the hub does not look at it.</summary>
    public string? ManagedBy { get; init; }

    public string? DeviceScope { get; init; }

    public IReadOnlyList<string> ParentScopes { get; init; } = [];

    public required DateTimeOffset Created { get; init; }
}
