namespace Perennial.Server.Portal.Hubs;

/// <summary>A linked hub.</summary>
public sealed record HubLine
{
    public required string HostName { get; init; }

    /// <summary>The name of a hub of this server; null for one elsewhere.</summary>
    public required string? Name { get; init; }

    /// <summary>Share in hashed allocation.</summary>
    public required int Weight { get; init; }

    /// <summary>False: only an enrollment that names the hub gets it.</summary>
    public required bool AppliesAllocationPolicy { get; init; }

    /// <summary>The share of weighted allocation in percent; null when none comes to it.</summary>
    public required double? Share { get; init; }

    /// <summary>Devices that are enabled there; null when that is not known here.</summary>
    public long? Enabled { get; init; }

    public long? Disabled { get; init; }

    /// <summary>Devices that are connected at this moment; null when that is not known here.</summary>
    public int? Connected { get; init; }

    public string Path => HubPages.PathOf(HostName);
}
