using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>How a hub is chosen. Source: dps-protocol §6.2.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AllocationPolicy>))]
public enum AllocationPolicy
{
    /// <summary>By a weighted hash of the registration id.</summary>
    Hashed,

    /// <summary>By latency.</summary>
    GeoLatency,

    /// <summary>The one hub named.</summary>
    Static,

    /// <summary>By a web hook.</summary>
    Custom,
}
