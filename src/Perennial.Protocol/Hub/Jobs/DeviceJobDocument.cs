using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Jobs;

/// <summary>One device of a job, a row of <c>devices.jobs</c>. Source: hub-protocol §8.</summary>
public sealed record DeviceJobDocument : IWireDocument<DeviceJobDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<DeviceJobDocument> IWireDocument<DeviceJobDocument>.TypeInfo => JobJson.Default.DeviceJobDocument;

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The type of the job.</summary>
    public required string JobType { get; init; }

    /// <summary>How far the job is with this device.</summary>
    public required string Status { get; init; }

    /// <summary>When it was begun.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartTimeUtc { get; init; }

    /// <summary>When it ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndTimeUtc { get; init; }

    /// <summary>When it was written down.</summary>
    public required DateTimeOffset CreatedDateTimeUtc { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset LastUpdatedDateTimeUtc { get; init; }

    /// <summary>What the device answered: <c>{"deviceMethodResponse":{"status":…,"payload":…}}</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Outcome { get; init; }

    /// <summary>Why it failed: <c>{"code":…,"description":…}</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Error { get; init; }
}
