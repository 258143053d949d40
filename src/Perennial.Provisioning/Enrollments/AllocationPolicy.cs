namespace Perennial.Provisioning.Enrollments;

/// <summary>How a hub is chosen among the eligible ones (dps-protocol §6.2).</summary>
public enum AllocationPolicy
{
    /// <summary>By a hash of the registration id, in proportion to the hubs' weights.</summary>
    Hashed,

    /// <summary>The one hub that the enrollment names.</summary>
    Static,

    /// <summary>The hub that the latency table says is nearest; by hash among equals.</summary>
    GeoLatency,

    /// <summary>A webhook that the enrollment names chooses.</summary>
    Custom,
}
