namespace Perennial.Server.Instances;

/// <summary>One linked hub in <see cref="LinkedHubsDocument"/>.</summary>
internal sealed record LinkedHubDocument
{
    /// <summary>The host name that devices are told.</summary>
    public required string HostName { get; init; }

    /// <summary>How its registry is reached; null for a hub of this process.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Where it is; kept for the operator, not looked at.</summary>
    public string? Location { get; init; }

    /// <summary>Share in hashed allocation, 1 to 1,000.</summary>
    public int AllocationWeight { get; init; } = 1;

    /// <summary>False: only an enrollment that names the hub gets it.</summary>
    public bool ApplyAllocationPolicy { get; init; } = true;

    /// <summary>Without the key.</summary>
    public override string ToString() => HostName;
}
