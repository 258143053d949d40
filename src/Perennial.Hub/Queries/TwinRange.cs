using Perennial.Hub.Devices;

namespace Perennial.Hub.Queries;

/// <summary>Which identities can be what a query is after, told by keys and indexes alone.</summary>
public sealed record TwinRange
{
    /// <summary>Modules instead of devices.</summary>
    public bool IsModules { get; init; }

    /// <summary>Of this status alone; null for either. Modules have none.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>The modules of this device alone.</summary>
    public DeviceId? Owner { get; init; }

    /// <summary>These alone, by id; null for all.</summary>
    public IReadOnlyList<DeviceId>? Ids { get; init; }
}
