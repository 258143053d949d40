using System.Text.Json.Serialization;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Instances;

/// <summary>
/// The file <c>linked-hubs.json</c>: the terms on which hubs are linked, and the keys of those outside this process. Readable by its owner
/// alone. A hub of this process that does not stand here is linked on the usual terms.
/// </summary>
internal sealed record LinkedHubsDocument
{
    public IReadOnlyList<LinkedHubDocument> Hubs { get; init; } = [];

    /// <summary>For enrollments that name no policy.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<AllocationPolicy>))]
    public AllocationPolicy AllocationPolicy { get; init; } = AllocationPolicy.Hashed;

    public IReadOnlyList<LatencyRowDocument> Latencies { get; init; } = [];
}
