using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Jobs;

/// <summary>A job, as it is asked for and as it is shown. Source: hub-protocol §4.9.</summary>
public sealed record JobDocument : IWireDocument<JobDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<JobDocument> IWireDocument<JobDocument>.TypeInfo => JobJson.Default.JobDocument;

    /// <summary>The job id.</summary>
    public string? JobId { get; init; }

    /// <summary><c>scheduleUpdateTwin</c>, <c>scheduleDeviceMethod</c>, or <c>unknown</c>.</summary>
    public string? Type { get; init; }

    /// <summary>How far it is; never read.</summary>
    public string? Status { get; init; }

    /// <summary>The condition on devices; empty or <c>*</c> for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? QueryCondition { get; init; }

    /// <summary>The method call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? CloudToDeviceMethod { get; init; }

    /// <summary>The change of the twin.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? UpdateTwin { get; init; }

    /// <summary>When it was asked for; never read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CreatedTime { get; init; }

    /// <summary>When it begins, at the earliest; now when it is missing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended; never read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>How long after its start it may go on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MaxExecutionTimeInSeconds { get; init; }

    /// <summary>Why it failed; never read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FailureReason { get; init; }

    /// <summary>How many devices are how far; never read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobStatisticsDocument? DeviceJobStatistics { get; init; }
}
