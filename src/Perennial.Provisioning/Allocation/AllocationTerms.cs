using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Allocation;

/// <summary>How the service chooses hubs where enrollments leave it open.</summary>
public sealed record AllocationTerms
{
    /// <summary>For enrollments that name no policy; never custom.</summary>
    public AllocationPolicy Default { get; init; } = AllocationPolicy.Hashed;

    /// <summary>What lowest latency is measured by.</summary>
    public LatencyTable Latencies { get; init; } = new([]);
}
